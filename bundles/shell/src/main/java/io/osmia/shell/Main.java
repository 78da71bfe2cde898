package io.osmia.shell;

import io.osmia.shell.internal.connect.Connections;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The {@code osmia} command line. */
public final class Main {

    private static final int BUFFER = 8192;

    private Main() {}

    public static void main(String[] args) {
        Connections.quickenNetty();
        // Libraries have nothing to tell someone at a terminal.
        Logger.getLogger("").setLevel(Level.OFF);
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        Surroundings surroundings = new Surroundings(
                System.in,
                out,
                err,
                System.getenv(),
                System.getProperty("osmia.home", ""),
                InstantSource.system(),
                pause -> LockSupport.parkNanos(pause.toNanos()),
                new Connections());
        int code = new Shell(surroundings).run(args);
        out.flush();
        err.flush();
        // Nothing is left to be done in order: an orderly exit would only wait for the event loop.
        Runtime.getRuntime().halt(code);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        FileOutputStream file = new FileOutputStream(descriptor);
        return new PrintStream(new BufferedOutputStream(file, BUFFER), false, StandardCharsets.UTF_8);
    }
}
