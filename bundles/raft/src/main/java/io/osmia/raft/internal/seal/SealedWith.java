package io.osmia.raft.internal.seal;

import io.osmia.raft.internal.Records;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;

/** Which log keys the snapshots and segments of a raft group are sealed with. May be asked while Ratis writes to it. */
public final class SealedWith {

    private final Path group;

    public SealedWith(Path group) {
        this.group = group;
    }

    /** 0 is among them when something is in clear text. */
    public Set<Integer> versions() throws IOException {
        Set<Integer> versions = new TreeSet<>();
        for (Path snapshot : Resealing.files(
                group.resolve("sm"), name -> SimpleStateMachineStorage.SNAPSHOT_REGEX.matcher(name).matches())) {
            try (InputStream in = Files.newInputStream(snapshot)) {
                versions.add(Records.snapshotKeyVersion(in, true));
            }
        }
        for (Path segment : Resealing.files(group.resolve("current"), name -> name.startsWith("log_"))) {
            for (LogEntryProto entry : Resealing.entries(segment)) {
                if (entry.hasStateMachineLogEntry()) {
                    versions.add(Records.keyVersion(
                            entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer()));
                }
            }
        }
        return versions;
    }
}
