package io.osmia.itests.input;

import io.osmia.itests.harness.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The syncs of another process, as the system sees them. */
final class SyncTrace implements AutoCloseable {

    /** A whole call, the begin of one, or the end of one: strace splits calls that others run into. */
    private static final Pattern LINE = Pattern.compile(
            "(?<thread>\\d+) +(?<seconds>\\d+)\\.(?<micros>\\d{6}) (?:(?:fdatasync|fsync)\\(\\d+<(?<file>[^>]*)>"
                    + "(?:\\) += 0 <(?<took>[0-9.]+)>| <unfinished \\.\\.\\.>)"
                    + "|<\\.\\.\\. (?:fdatasync|fsync) resumed>\\) += 0 .*)");

    private static final Duration BOUND = Duration.ofSeconds(30);

    private final Process strace;
    private final Path output;
    private final Path messages;

    /**
     * A sync that succeeded.
     *
     * @param begin microseconds since the epoch, as is end
     */
    record Sync(String file, long begin, long end) {}

    private record Begun(String file, long at) {}

    private SyncTrace(Process strace, Path output, Path messages) {
        this.strace = strace;
        this.output = output;
        this.messages = messages;
    }

    static SyncTrace attach(long pid, Path dir) throws Exception {
        Path program = Wanted.command("strace", "strace");
        Path output = dir.resolve("strace.out");
        Path messages = dir.resolve("strace.err");
        Process strace = new ProcessBuilder(
                program.toString(),
                "-f",
                "-ttt",
                "-T",
                "-y",
                "-e",
                "trace=fdatasync,fsync",
                "-o",
                output.toString(),
                "-p",
                Long.toString(pid))
                .redirectError(messages.toFile())
                .start();
        SyncTrace trace = new SyncTrace(strace, output, messages);
        Awaitility.await("strace is attached")
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !strace.isAlive() || trace.said().contains(" attached"));
        Wanted.allowed(strace.isAlive(), "strace may not attach here: " + trace.said());
        return trace;
    }

    private String said() throws IOException {
        return Files.readString(messages);
    }

    /** Lets the process go; what was seen, in the order of its ends. */
    List<Sync> finish() throws Exception {
        close();
        List<Sync> syncs = new ArrayList<>();
        Map<String, Begun> open = new HashMap<>();
        for (String line : Files.readAllLines(output)) {
            Matcher call = LINE.matcher(line);
            if (!call.matches()) {
                continue;
            }
            long at = Long.parseLong(call.group("seconds")) * 1_000_000 + Long.parseLong(call.group("micros"));
            String thread = call.group("thread");
            if (call.group("took") != null) {
                long took = Math.round(Double.parseDouble(call.group("took")) * 1_000_000);
                syncs.add(new Sync(call.group("file"), at, at + took));
            } else if (call.group("file") != null) {
                open.put(thread, new Begun(call.group("file"), at));
            } else if (open.containsKey(thread)) {
                Begun begun = open.remove(thread);
                syncs.add(new Sync(begun.file(), begun.at(), at));
            }
        }
        return syncs;
    }

    @Override
    public void close() throws Exception {
        strace.destroy();
        if (!strace.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
            strace.destroyForcibly();
            throw new AssertionError("strace does not let go");
        }
    }
}
