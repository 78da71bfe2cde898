package io.osmia.shell.internal.ssh;

import io.osmia.shell.internal.command.ExitCode;
import io.osmia.shell.internal.command.Role;
import io.osmia.shell.internal.gogo.Shells;
import io.osmia.shell.internal.gogo.Terminals;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Objects;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A console whose streams are an SSH channel's: one line, or a session at the terminal that the client has asked for. */
final class SshConsole implements Command {

    private static final Logger LOG = LoggerFactory.getLogger(SshConsole.class);

    private final Shells shells;
    private final Role role;
    private final String line;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;
    private @Nullable OutputStream err;
    private @Nullable ExitCallback end;
    private @Nullable Thread runner;

    /** @param line empty for a session */
    SshConsole(Shells shells, Role role, String line) {
        this.shells = shells;
        this.role = role;
        this.line = line;
    }

    @Override
    public void setInputStream(InputStream stream) {
        in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        end = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        runner = Thread.ofVirtual().name("shell-ssh").start(() -> run(environment));
    }

    private void run(Environment environment) {
        int code = ExitCode.REFUSED;
        try {
            boolean atTerminal = line.isEmpty() && environment.getEnv().containsKey(Environment.ENV_TERM);
            code = atTerminal ? sit(environment)
                    : shells.run(role, line, input(), output(), Objects.requireNonNull(err));
        } catch (IOException e) {
            LOG.debug("ssh: the other side is gone: {}", e.toString());
        } catch (RuntimeException e) {
            LOG.error("ssh: a session failed", e);
        }
        Objects.requireNonNull(end).onExit(code);
    }

    private int sit(Environment environment) throws IOException {
        Map<String, String> given = environment.getEnv();
        try (LineDisciplineTerminal terminal = Terminals.open(
                given.getOrDefault(Environment.ENV_TERM, ""), columns(given), rows(given), output())) {
            environment.addSignalListener(
                    (channel, signal) -> Terminals.resize(terminal, columns(given), rows(given)), Signal.WINCH);
            return shells.atTerminal(role, terminal, input());
        }
    }

    private InputStream input() {
        return Objects.requireNonNull(in);
    }

    private OutputStream output() {
        return Objects.requireNonNull(out);
    }

    private static int columns(Map<String, String> environment) {
        return number(environment.get(Environment.ENV_COLUMNS));
    }

    private static int rows(Map<String, String> environment) {
        return number(environment.get(Environment.ENV_LINES));
    }

    /** What the client sends; anything that is no number is no size. */
    private static int number(@Nullable String text) {
        try {
            return text == null ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    @Override
    public void destroy(ChannelSession channel) {
        Thread running = runner;
        if (running != null) {
            running.interrupt();
        }
    }
}
