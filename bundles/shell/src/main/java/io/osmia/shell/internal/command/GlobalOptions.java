package io.osmia.shell.internal.command;

import io.osmia.shell.Place;
import io.osmia.shell.internal.connect.SocketPath;
import java.nio.file.Path;
import java.util.Map;
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
    private @Nullable String host;
    private @Nullable Path certificates;
    private boolean linearizable;
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

    @Option(names = "--host", paramLabel = "HOST:PORT", scope = ScopeType.INHERIT, order = 103, description = "A manager's remote API, instead of a socket. Needs --certificates.")
    void setHost(@Nullable String host) {
        if (host != null) {
            this.host = host;
        }
    }

    @Option(names = "--certificates", paramLabel = "DIR", scope = ScopeType.INHERIT, order = 104, description = "Folder 'certificates' of a manager of the cluster: who asks at --host.")
    void setCertificates(@Nullable Path certificates) {
        if (certificates != null) {
            this.certificates = certificates;
        }
    }

    @Option(names = "--linearizable", scope = ScopeType.INHERIT, order = 105, description = "See all that was acknowledged anywhere before, also when the manager asked is not the leader.")
    void setLinearizable(boolean linearizable) {
        this.linearizable |= linearizable;
    }

    @Option(names = {"-h",
        "--help"}, usageHelp = true, scope = ScopeType.INHERIT, order = 106, description = "Show this help.")
    void setHelp(boolean help) {
        // picocli acts on it
    }

    @Option(names = {"-V",
        "--version"}, versionHelp = true, order = 107, description = "Print the version of this command.")
    void setVersion(boolean version) {
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

    /** The same, for the node at another socket. */
    GlobalOptions at(Path other) {
        GlobalOptions copy = new GlobalOptions();
        copy.socket = other;
        copy.noResolve = noResolve;
        copy.tls = tls;
        copy.linearizable = linearizable;
        return copy;
    }

    /** Where the commands are to be sent. */
    Place place(Map<String, String> environment) {
        if (host == null && certificates != null) {
            throw Failure
                    .usage("--certificates says who asks at a manager's remote API; name it with --host HOST:PORT");
        }
        if (host == null) {
            return new Place.Socket(SocketPath.chosen(socket, environment), tls);
        }
        if (socket != null) {
            throw Failure.usage("--host and --socket name two places; give one of them");
        }
        if (certificates == null) {
            throw Failure.usage(
                    "--host needs --certificates DIR, the folder 'certificates' of a manager's state directory");
        }
        return new Place.Remote(host, certificates);
    }

    @Nullable
    Path socket() {
        return socket;
    }

    boolean noResolve() {
        return noResolve;
    }

    boolean linearizable() {
        return linearizable;
    }
}
