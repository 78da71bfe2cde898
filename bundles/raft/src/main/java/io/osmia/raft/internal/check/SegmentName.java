package io.osmia.raft.internal.check;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A log segment as Ratis names it.
 *
 * @param file the file
 * @param first index of its first entry
 * @param last index of its last entry; -1 for the one that is still written to
 */
record SegmentName(Path file, long first, long last) {

    private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");
    private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)");

    static @Nullable SegmentName of(Path file) {
        String name = String.valueOf(file.getFileName());
        Matcher closed = CLOSED.matcher(name);
        if (closed.matches()) {
            return new SegmentName(file, Long.parseLong(closed.group(1)), Long.parseLong(closed.group(2)));
        }
        Matcher open = OPEN.matcher(name);
        return open.matches() ? new SegmentName(file, Long.parseLong(open.group(1)), -1) : null;
    }

    boolean open() {
        return last < 0;
    }
}
