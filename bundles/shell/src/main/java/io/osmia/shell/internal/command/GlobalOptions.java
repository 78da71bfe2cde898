package io.osmia.shell.internal.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root command: what may be said with every command. */
@Command(name = "osmia", description = "Keeps services running on a set of machines.", synopsisSubcommandLabel = "COMMAND", footer = {
    "", "A node is run by 'osmia node --state-dir DIR'; its flags: 'osmia node --help'.",
    "New here? Try 'osmia quickstart'."})
public final class GlobalOptions implements Runnable {

    private @Nullable Path socket;
    private boolean noResolve;
    private boolean tls;
    private @Nullable Runnable whenBare;

    @Option(names = {"-s",
        "--socket"}, paramLabel = "PATH", scope = ScopeType.INHERIT, order = 100, description = "Control socket of the node. Default: SWARM_SOCKET, else osmia.sock in the usual state "
                + "directory, else /var/run/swarmd.sock.")
    void setSocket(@Nullable Path socket) {
        if (socket != null) {
            this.socket = socket;
        }
    }

    @Option(names = {"-n",
        "--no-resolve"}, scope = ScopeType.INHERIT, order = 101, description = "Show ids instead of names.")
    void setNoResolve(boolean noResolve) {
        this.noResolve |= noResolve;
    }

    @Option(names = "--tls", scope = ScopeType.INHERIT, order = 102, description = "Speak TLS from the start. Without it, TLS is used where plaintext is not understood.")
    void setTls(boolean tls) {
        this.tls |= tls;
    }

    @Option(names = {"-h",
        "--help"}, usageHelp = true, scope = ScopeType.INHERIT, order = 103, description = "Show this help.")
    void setHelp(boolean help) {
        // picocli acts on it
    }

    void whenBare(Runnable action) {
        this.whenBare = action;
    }

    @Override
    public void run() {
        if (whenBare != null) {
            whenBare.run();
        }
    }

    GlobalOptions at(Path other) {
        GlobalOptions copy = new GlobalOptions();
        copy.socket = other;
        copy.noResolve = noResolve;
        copy.tls = tls;
        return copy;
    }

    @Nullable
    Path socket() {
        return socket;
    }

    boolean noResolve() {
        return noResolve;
    }

    boolean tls() {
        return tls;
    }
}
