package io.osmia.raft.internal.check;

import io.osmia.raft.StateException;
import io.osmia.raft.internal.Records;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.util.MD5FileUtil;

/** Looks at the newest snapshot: it is the one that a start begins with. */
final class SnapshotCheck {

    private final Path directory;
    private final boolean sealed;

    /** @param sealed whether this node has log keys */
    SnapshotCheck(Path directory, boolean sealed) {
        this.sealed = sealed;
        this.directory = directory;
    }

    /** Index of the last entry in the newest snapshot, or -1 when there is none. */
    long run() {
        Optional<Path> newest = newest();
        newest.ifPresent(this::requireIntact);
        return newest.map(SnapshotCheck::index).orElse(-1L);
    }

    private Optional<Path> newest() {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> index(f) >= 0).max(Comparator.comparingLong(SnapshotCheck::index));
        } catch (IOException e) {
            throw new StateException(directory, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static long index(Path file) {
        Matcher name = SimpleStateMachineStorage.SNAPSHOT_REGEX.matcher(String.valueOf(file.getFileName()));
        return name.matches() ? Long.parseLong(name.group(2)) : -1;
    }

    private void requireIntact(Path snapshot) {
        try {
            MD5Hash stored = MD5FileUtil.readStoredMd5ForFile(snapshot.toFile());
            if (stored == null) {
                throw new StateException(snapshot, "the snapshot has no checksum beside it");
            }
            if (!stored.equals(MD5FileUtil.computeMd5ForFile(snapshot.toFile()))) {
                throw new StateException(
                        snapshot,
                        "the snapshot does not fit its checksum; restore the state directory from a backup, or join anew");
            }
            try (InputStream in = new BufferedInputStream(Files.newInputStream(snapshot))) {
                Records.snapshotKeyVersion(in, sealed);
            }
        } catch (IOException e) {
            throw new StateException(snapshot, "the snapshot cannot be read: " + e.getMessage(), e);
        }
    }
}
