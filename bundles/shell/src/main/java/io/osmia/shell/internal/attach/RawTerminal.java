package io.osmia.shell.internal.attach;

import io.osmia.wire.osmia.ShellSize;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import sun.misc.Signal;

/** The terminal that this process was started at, with every key passed on as it is until this is closed. */
final class RawTerminal implements AutoCloseable {

    private final String former;
    private final Thread atEnd = new Thread(this::restore, "osmia-terminal");

    private RawTerminal(String former) {
        this.former = former;
    }

    /** Empty when standard input and output are not both a terminal. */
    static Optional<RawTerminal> open() throws IOException, InterruptedException {
        if (!isHere()) {
            return Optional.empty();
        }
        RawTerminal terminal = new RawTerminal(ask("stty", "-g"));
        Runtime.getRuntime().addShutdownHook(terminal.atEnd); // a signal must not leave it raw
        ask("stty", "raw", "-echo");
        return Optional.of(terminal);
    }

    private static boolean isHere() throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "test -t 0 && test -t 1").inheritIO().start().waitFor() == 0;
    }

    ShellSize size() throws IOException, InterruptedException {
        String[] rowsAndColumns = ask("stty", "size").split(" ");
        if (rowsAndColumns.length != 2) {
            return ShellSize.getDefaultInstance();
        }
        return ShellSize.newBuilder()
                .setRows(Integer.parseUnsignedInt(rowsAndColumns[0]))
                .setColumns(Integer.parseUnsignedInt(rowsAndColumns[1]))
                .build();
    }

    /** Calls it whenever the terminal gets another size. */
    static void onResize(Runnable changed) {
        Signal.handle(new Signal("WINCH"), signal -> changed.run());
    }

    private static String ask(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectInput(Redirect.INHERIT)
                .redirectError(Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(Arrays.toString(command) + " failed");
        }
        return said;
    }

    private void restore() {
        try {
            ask("stty", former);
        } catch (IOException e) {
            // nothing more can be done about it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        restore();
    }
}
