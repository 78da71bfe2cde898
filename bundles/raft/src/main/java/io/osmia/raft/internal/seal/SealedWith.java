package io.osmia.raft.internal.seal;

import io.osmia.raft.internal.Records;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which log keys the snapshots and segments of a raft group are sealed with. May be asked while Ratis writes to it. */
public final class SealedWith {

    private static final Logger LOG = LoggerFactory.getLogger(SealedWith.class);

    private final Path group;

    public SealedWith(Path group) {
        this.group = group;
    }

    /** 0 is among them when something is in clear text. */
    public Set<Integer> versions() throws IOException {
        Set<Integer> versions = new TreeSet<>();
        addSnapshots(versions);
        for (Path segment : segments()) {
            addSegment(segment, versions);
        }
        return versions;
    }

    private void addSnapshots(Set<Integer> versions) throws IOException {
        for (Path snapshot : Resealing.files(
                group.resolve("sm"), name -> SimpleStateMachineStorage.SNAPSHOT_REGEX.matcher(name).matches())) {
            try (InputStream in = Files.newInputStream(snapshot)) {
                versions.add(Records.snapshotKeyVersion(in, true));
            } catch (NoSuchFileException e) {
                LOG.debug("raft: {} gave way to a newer one", snapshot);
            }
        }
    }

    private List<Path> segments() {
        return Resealing.segments(group);
    }

    /** A segment gets another name when it is full, and goes when a snapshot has all of it. */
    private void addSegment(Path segment, Set<Integer> versions) throws IOException {
        Optional<Path> at = Optional.of(segment);
        while (at.isPresent()) {
            try {
                addEntries(Resealing.entries(at.get()), versions);
                return;
            } catch (NoSuchFileException e) {
                at = segments().stream()
                        .filter(now -> Resealing.first(now) == Resealing.first(segment))
                        .findFirst();
            }
        }
    }

    private static void addEntries(List<LogEntryProto> entries, Set<Integer> versions) throws IOException {
        for (LogEntryProto entry : entries) {
            if (entry.hasStateMachineLogEntry()) {
                versions.add(Records.keyVersion(
                        entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer()));
            }
        }
    }
}
