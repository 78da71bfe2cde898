package io.osmia.shell.internal.gogo;

import io.osmia.shell.internal.command.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens consoles in this node, for whichever way somebody comes. Nothing of a shell is loaded before the first one is opened. */
public final class Shells {

    private static final Logger LOG = LoggerFactory.getLogger(Shells.class);
    private static final int KEYS = 1_024;

    private final Commands commands;
    private final Path socket;

    Shells(Commands commands, Path socket) {
        this.commands = commands;
        this.socket = socket;
    }

    /** A console and its connection to the node. */
    record Open(Console console, OwnConnection connection) implements AutoCloseable {
        @Override
        public void close() {
            console.close();
            connection.close();
        }
    }

    Open open(Role role, InputStream in, OutputStream out, OutputStream err) {
        OwnConnection connection = new OwnConnection();
        Within within = new Within(commands, socket, connection, InstantSource.system());
        return new Open(new Console(within, role, in, out, err), connection);
    }

    /** Runs one line, or without one each line that is read. Returns the exit code. */
    public int run(Role role, String line, InputStream in, OutputStream out, OutputStream err) throws IOException {
        try (Open open = open(role, in, out, err)) {
            return line.isEmpty() ? open.console().executeAll(in) : open.console().execute(line);
        }
    }

    /**
     * A session at a terminal, until the person leaves.
     *
     * @param keys what is typed; when it ends, the person is gone
     */
    public int atTerminal(Role role, LineDisciplineTerminal terminal, InputStream keys) {
        try (Open open = open(role, terminal.input(), terminal.output(), terminal.output())) {
            Console console = open.console();
            Thread typing = Thread.ofVirtual().name("shell-keys").start(() -> type(keys, terminal, console));
            try {
                Names names = new Names(console.surroundings(keys, System.out, System.err), socket);
                return Terminals.interact(console, terminal, new Completion(console, names));
            } finally {
                typing.interrupt();
            }
        }
    }

    private static void type(InputStream keys, LineDisciplineTerminal terminal, Console console) {
        byte[] some = new byte[KEYS];
        try {
            for (int count = keys.read(some); count >= 0; count = keys.read(some)) {
                terminal.processInputBytes(some, 0, count);
            }
            console.interrupt();
            terminal.close();
        } catch (IOException e) {
            LOG.debug("shell: no more keys: {}", e.toString());
        }
    }
}
