package io.osmia.raft.internal.check;

import io.osmia.raft.StateException;
import io.osmia.raft.internal.Records;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Optional;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.jspecify.annotations.Nullable;

/** Walks through one segment. */
final class SegmentCheck {

    private final SegmentName name;
    private final SegmentBytes bytes;
    private final boolean sealed;
    private long next;
    private long term;

    /**
     * @param sealed whether this node has log keys
     * @param term term of the entry before it
     */
    SegmentCheck(SegmentName name, boolean sealed, long term) {
        this.sealed = sealed;
        this.name = name;
        this.bytes = read(name);
        this.next = name.first();
        this.term = term;
    }

    private static SegmentBytes read(SegmentName name) {
        try {
            return new SegmentBytes(Files.readAllBytes(name.file()));
        } catch (IOException e) {
            throw new StateException(name.file(), "cannot be read: " + e.getMessage(), e);
        }
    }

    /** Index behind its last entry, after {@link #run}. */
    long next() {
        return next;
    }

    /** Term of its last entry, after {@link #run}. */
    long term() {
        return term;
    }

    /**
     * Reads all of it.
     *
     * @return the record to cut off, if the segment is open and its last one is torn
     */
    Optional<TornTail> run() {
        if (!bytes.hasHeader()) {
            if (name.open() && bytes.headerIsTorn()) {
                return Optional.empty();
            }
            throw damage("does not begin like a log segment");
        }
        int offset = SegmentBytes.headerLength();
        while (!bytes.endsAt(offset)) {
            @Nullable LogEntryProto entry = bytes.entryAt(offset);
            if (entry == null) {
                return Optional.of(tornAt(offset));
            }
            accept(entry, offset);
            offset = bytes.claimedEnd(offset);
        }
        if (!name.open() && next != name.last() + 1) {
            throw damage("ends after entry " + (next - 1) + ", though its name says " + name.last());
        }
        return Optional.empty();
    }

    private TornTail tornAt(int offset) {
        if (!name.open() || !new TornRecord(bytes, offset).is()) {
            throw damage("the record at byte " + offset + " (log entry " + next + ") is damaged");
        }
        return new TornTail(name.file(), offset, bytes.length());
    }

    private void accept(LogEntryProto entry, int offset) {
        if (entry.getIndex() != next) {
            throw damage("log entry " + entry.getIndex() + " at byte " + offset + ", expected entry " + next);
        }
        if (entry.getTerm() < term) {
            throw damage("log entry " + next + " is of term " + entry.getTerm() + ", the one before it of " + term);
        }
        if (entry.hasStateMachineLogEntry()) {
            requireKnown(entry);
        }
        next++;
        term = entry.getTerm();
    }

    private void requireKnown(LogEntryProto entry) {
        ByteBuffer record = entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer();
        try {
            Records.requireKnown(record, sealed);
        } catch (IOException e) {
            throw new StateException(name.file(), "log entry " + next + ": " + e.getMessage(), e);
        }
    }

    private StateException damage(String why) {
        return new StateException(name.file(), why + "; restore the state directory from a backup, or join anew");
    }
}
