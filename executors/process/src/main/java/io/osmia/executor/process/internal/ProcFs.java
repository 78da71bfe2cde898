package io.osmia.executor.process.internal;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the kernel tells about processes. A process that goes away while it is looked at is one that is not there. */
final class ProcFs {

    private static final Path PROC = Path.of("/proc");

    /** Field numbers of /proc/PID/stat, counted after the name in parentheses, from 0. */
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int FLAGS = 6;
    private static final int START = 19;

    /** Among the flags: a thread of the kernel's own. */
    private static final long KERNEL = 0x0020_0000;

    /** What the process table shows of one without arguments. */
    private static final String NO_WORDS = "\0\0";

    /** Stands for a process that is known to be gone. */
    static final Identity NOBODY = new Identity(-1, -1);

    private static volatile @Nullable String bootId;

    private ProcFs() {}

    /** A process: its id alone would be used again some day, with its start time it is unique until the next boot. */
    record Identity(long pid, long startTicks) {

        boolean alive() {
            OptionalLong now = ProcFs.startTicks(pid);
            return now.isPresent() && now.getAsLong() == startTicks;
        }
    }

    /** One line of the process table. */
    record Entry(long pid, long parent, long session, long startTicks) {}

    /** Whether the id stands for another process now, living or dead. */
    static boolean isReused(Identity process) {
        String[] fields = allOfStat(process.pid());
        return fields.length > START && Long.parseLong(fields[START]) != process.startTicks();
    }

    static String bootId() throws IOException {
        @Nullable String known = bootId;
        if (known == null) {
            known = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
            bootId = known;
        }
        return known;
    }

    /** Start time in clock ticks since boot; empty when there is no such process or it is a zombie. */
    static OptionalLong startTicks(long pid) {
        String[] fields = stat(pid);
        return fields.length <= START ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(fields[START]));
    }

    static List<Entry> table() throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path folder : folders) {
                long pid = Long.parseLong(folder.getFileName().toString());
                String[] fields = stat(pid);
                if (fields.length > START) {
                    entries.add(new Entry(
                            pid,
                            Long.parseLong(fields[PARENT]),
                            Long.parseLong(fields[SESSION]),
                            Long.parseLong(fields[START])));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }

    private static String[] stat(long pid) {
        String[] fields = allOfStat(pid);
        boolean dead = fields.length > 0 && (fields[STATE].equals("Z") || fields[STATE].equals("X"));
        return dead ? new String[0] : fields;
    }

    private static String[] allOfStat(long pid) {
        try {
            String line = read(pid, "stat");
            return line.substring(line.lastIndexOf(')') + 2).split(" ");
        } catch (IOException | IndexOutOfBoundsException e) {
            return new String[0];
        }
    }

    /** The value of a variable that the process was started with; empty without it, and when we may not look. */
    static Optional<String> environment(long pid, String name) {
        String text = text(pid, "environ");
        int begin = text.indexOf("\0" + name + "=");
        if (begin < 0) {
            return Optional.empty();
        }
        int value = begin + name.length() + 2;
        return Optional.of(text.substring(value, text.indexOf('\0', value)));
    }

    /**
     * The words that the process was started with, each with a NUL before and behind it; empty while it is just becoming another
     * program, since for that moment none are seen.
     */
    static Optional<String> words(long pid) {
        String words = text(pid, "cmdline");
        return words.equals(NO_WORDS) && isProgram(pid) ? Optional.empty() : Optional.of(words);
    }

    /** Whether it lives, and is no thread of the kernel's. */
    private static boolean isProgram(long pid) {
        String[] fields = stat(pid);
        return fields.length > FLAGS && (Long.parseLong(fields[FLAGS]) & KERNEL) == 0;
    }

    /** A list of words, each with a NUL before and behind it. */
    private static String text(long pid, String file) {
        try {
            return "\0" + read(pid, file) + "\0";
        } catch (IOException e) {
            return "";
        }
    }

    /** Not by a channel: to whoever is interrupted it would fail to open, and each process would seem to be gone. */
    private static String read(long pid, String file) throws IOException {
        try (InputStream in = new FileInputStream(PROC.resolve(pid + "/" + file).toFile())) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
