package io.osmia.executor.process.internal;

import io.osmia.api.executor.TaskStatistics.Usage;
import io.osmia.executor.process.internal.ProcFs.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** What a task's processes use, added up from what the kernel tells of each: it needs no control group. */
final class ProcessUsage {

    private static final Path PROC = Path.of("/proc");

    /** The kernel tells processor time in hundredths of a second, whatever its own clock. */
    private static final long TICK_NANOS = 10_000_000;

    private static final long PAGE = 4096;

    /** Fields of /proc/PID/stat after the name, from 0: own time in user and system mode, and that of ended children. */
    private static final int FIRST_TIME = 11;

    private static final int LAST_TIME = 14;
    private static final int THREADS = 17;

    private long ticks;
    private long pages;
    private long threads;
    private long read;
    private long written;

    private ProcessUsage() {}

    /**
     * Of these processes. One that ends meanwhile counts as far as it could be read.
     *
     * @param memoryLimit in bytes; 0 for none
     */
    static Usage of(List<Identity> members, long memoryLimit) {
        ProcessUsage sum = new ProcessUsage();
        for (Identity member : members) {
            sum.add(PROC.resolve(Long.toString(member.pid())));
        }
        return new Usage(
                Instant.now(),
                OptionalLong.of(sum.ticks * TICK_NANOS),
                OptionalLong.of(sum.pages * PAGE),
                memoryLimit > 0 ? OptionalLong.of(memoryLimit) : OptionalLong.empty(),
                OptionalLong.of(sum.threads),
                OptionalLong.of(sum.read),
                OptionalLong.of(sum.written));
    }

    private void add(Path process) {
        String stat = text(process.resolve("stat"));
        String[] fields = stat.substring(Math.min(stat.length(), stat.lastIndexOf(')') + 2)).split(" ");
        if (fields.length > THREADS) {
            for (int i = FIRST_TIME; i <= LAST_TIME; i++) {
                ticks += Long.parseLong(fields[i]);
            }
            threads += Long.parseLong(fields[THREADS]);
        }
        // Resident pages that are not files, which the kernel could take back.
        String[] memory = text(process.resolve("statm")).split(" ");
        if (memory.length > 2) {
            pages += Math.max(0, Long.parseLong(memory[1]) - Long.parseLong(memory[2]));
        }
        text(process.resolve("io")).lines().forEach(line -> {
            if (line.startsWith("read_bytes: ")) {
                read += Long.parseLong(line.substring("read_bytes: ".length()));
            } else if (line.startsWith("write_bytes: ")) {
                written += Long.parseLong(line.substring("write_bytes: ".length()));
            }
        });
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended, or is not ours to look into
        }
    }
}
