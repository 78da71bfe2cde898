package io.osmia.raft.internal.check;

import io.osmia.raft.StateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;

/**
 * Whether the log and the snapshots of a raft group are whole (rule 8.2.6). Ratis itself repairs, drops and deletes while it
 * opens the folder; this comes first and only reads.
 */
public final class LogCheck {

    private final Path current;
    private final Path snapshots;
    private final boolean sealed;

    /**
     * @param group the group's folder; may be missing
     * @param sealed whether this node has log keys, so that sealed records are no surprise
     */
    public LogCheck(Path group, boolean sealed) {
        this.sealed = sealed;
        this.current = group.resolve("current");
        this.snapshots = group.resolve("sm");
    }

    /**
     * Reads everything.
     *
     * @return the torn last record, if there is one
     * @throws StateException which file is damaged, and how
     */
    public Optional<TornTail> run() {
        if (list(current).stream().allMatch(LogCheck::temporary)) {
            return Optional.empty();
        }
        long term = term();
        checkConfiguration();
        return checkSegments(segments(), new SnapshotCheck(snapshots, sealed).run(), term);
    }

    /** The first file of all, raft-meta, is written by way of a temporary one: a crash may leave nothing else. */
    private static boolean temporary(Path file) {
        return String.valueOf(file.getFileName()).endsWith(".tmp");
    }

    private Optional<TornTail> checkSegments(List<SegmentName> segments, long snapshot, long lastTerm) {
        Optional<TornTail> torn = Optional.empty();
        long next = -1;
        long term = 0;
        for (SegmentName segment : segments) {
            if (next < 0 && segment.first() > snapshot + 1) {
                throw new StateException(current, "log entries " + (snapshot + 1) + " to " + (segment.first() - 1)
                        + " are missing: neither in the newest snapshot nor in " + segment.file().getFileName());
            }
            if (next >= 0 && segment.first() != next) {
                throw new StateException(segment.file(), "does not begin with log entry " + next);
            }
            if (segment.open() && segment != segments.getLast()) {
                throw new StateException(segment.file(), "is an unfinished segment, but others follow it");
            }
            SegmentCheck check = new SegmentCheck(segment, sealed, term);
            torn = check.run();
            next = check.next();
            term = check.term();
        }
        if (term > lastTerm) {
            throw new StateException(
                    current.resolve("raft-meta"),
                    "says term " + lastTerm + ", but the log has entries of term " + term);
        }
        return torn;
    }

    private List<SegmentName> segments() {
        for (Path file : list(current)) {
            String name = String.valueOf(file.getFileName());
            if (name.startsWith("log_") && SegmentName.of(file) == null) {
                throw new StateException(file, "is no log segment; move it out of the way");
            }
        }
        return list(current).stream()
                .map(SegmentName::of)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparingLong(SegmentName::first))
                .toList();
    }

    /** The term of the last vote. */
    private long term() {
        Path file = current.resolve("raft-meta");
        if (!Files.exists(file)) {
            throw new StateException(file, "is missing, though there are other files beside it");
        }
        try (InputStream in = Files.newInputStream(file)) {
            Properties values = new Properties();
            values.load(in);
            return Long.parseLong(values.getProperty("term", ""));
        } catch (IOException | IllegalArgumentException e) {
            throw new StateException(file, "is damaged: " + e.getMessage(), e);
        }
    }

    /** The members; Ratis ignores this file when it cannot read it. */
    private void checkConfiguration() {
        Path file = current.resolve("raft-meta.conf");
        if (!Files.exists(file)) {
            return;
        }
        try (InputStream in = Files.newInputStream(file)) {
            if (!LogEntryProto.parseFrom(in).hasConfigurationEntry()) {
                throw new StateException(file, "is damaged: it does not hold the members");
            }
        } catch (IOException e) {
            throw new StateException(file, "is damaged: " + e.getMessage(), e);
        }
    }

    private static List<Path> list(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw new StateException(directory, "cannot be read: " + e.getMessage(), e);
        }
    }
}
