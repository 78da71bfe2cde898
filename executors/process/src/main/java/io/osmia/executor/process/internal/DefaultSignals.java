package io.osmia.executor.process.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Undoes that signals are ignored, as they are below a node that was started with {@code nohup} or in the background of a
 * script, and below those all that it starts. It is undone before anything says who it is: a stop signal may come at once.
 */
final class DefaultSignals {

    private static final List<String> RESET = List.of("env", "--default-signal");

    /** Signals 1 to 31; the next ones are the C library's own. */
    private static final long STANDARD = 0x7fff_ffffL;

    private volatile @Nullable List<String> words;

    /** The words to put before a program; none where nothing is ignored, or where {@code env} is too old for it. */
    List<String> words() throws InterruptedException {
        @Nullable List<String> known = words;
        if (known == null) {
            known = ignoresAny() && canReset() ? RESET : List.of();
            words = known;
        }
        return known;
    }

    private static boolean ignoresAny() {
        try {
            return Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> line.substring("SigIgn:".length()).strip())
                    .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & STANDARD) != 0);
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean canReset() throws InterruptedException {
        try {
            Process env = new ProcessBuilder("env", "--default-signal", "true")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return env.waitFor(10, TimeUnit.SECONDS) && env.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
