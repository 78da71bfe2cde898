package io.osmia.executor.process.internal;

import io.osmia.api.executor.ExecutorException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far both output files of a task were read, in bytes. */
final class OutputPosition {

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})\\.([0-9]{1,18})");

    private long stdout;
    private long stderr;

    /** What {@link #toString} made; empty for an empty text. */
    static Optional<OutputPosition> parse(String taskId, String text) throws ExecutorException {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw ExecutorException.permanent(
                    "osmia/host: task " + taskId + ": '" + text + "' is no position in its output");
        }
        OutputPosition position = new OutputPosition();
        position.stdout = Long.parseLong(matcher.group(1));
        position.stderr = Long.parseLong(matcher.group(2));
        return Optional.of(position);
    }

    long of(boolean ofStderr) {
        return ofStderr ? stderr : stdout;
    }

    void set(boolean ofStderr, long bytes) {
        if (ofStderr) {
            stderr = bytes;
        } else {
            stdout = bytes;
        }
    }

    @Override
    public String toString() {
        return stdout + "." + stderr;
    }
}
