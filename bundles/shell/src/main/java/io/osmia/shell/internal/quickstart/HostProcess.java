package io.osmia.shell.internal.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process of this machine. Its id may be given to another one later, its id with its start time may not.
 *
 * @param pid process id
 * @param start clock ticks from boot to its start
 */
record HostProcess(long pid, long start) {

    private static final int STATE = 0;
    private static final int START = 19;

    /** The live process with this id. */
    static Optional<HostProcess> of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            // The name in parentheses may hold anything; the fields are counted behind it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[STATE].equals("Z") || fields[STATE].equals("X")
                    ? Optional.empty()
                    : Optional.of(new HostProcess(pid, Long.parseLong(fields[START])));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Reads what {@link #text} wrote; a torn file names nobody. */
    static Optional<HostProcess> parse(String text) {
        String[] words = text.strip().split(" ");
        try {
            return words.length == 2
                    ? Optional.of(new HostProcess(Long.parseLong(words[0]), Long.parseLong(words[1])))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    String text() {
        return pid + " " + start + "\n";
    }

    boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    void terminate() {
        signal(false);
    }

    void kill() {
        signal(true);
    }

    private void signal(boolean forcibly) {
        if (isAlive()) {
            ProcessHandle.of(pid).ifPresent(handle -> {
                if (forcibly) {
                    handle.destroyForcibly();
                } else {
                    handle.destroy();
                }
            });
        }
    }
}
