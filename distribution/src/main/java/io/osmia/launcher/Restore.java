package io.osmia.launcher;

import io.osmia.ca.RestoredNode;
import io.osmia.raft.Backup;
import io.osmia.raft.OfflineState;
import io.osmia.wire.ObjectIds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code osmia cluster restore}: lays a backup into a state directory, as a cluster of one manager. */
final class Restore {

    /** What a node leaves behind that has lived in the directory. */
    private static final List<String> LIFE = List.of("raft", "worker/tasks", "state.json");

    private final Path stateDir;
    private final Path file;
    private final Optional<byte[]> unlockKey;
    private final PrintStream out;

    Restore(Path stateDir, Path file, Optional<byte[]> unlockKey, PrintStream out) {
        this.stateDir = stateDir;
        this.file = file;
        this.unlockKey = unlockKey;
        this.out = out;
    }

    /** All is checked before anything is written; the certificates come last, and without them no node starts. */
    void run() throws UsageException, IOException {
        Backup backup = Backup.open(file);
        requireEmpty();
        RestoredNode node = RestoredNode.of(
                stateDir.resolve("certificates"), backup.cluster(), unlockKey, newNodeId(), Instant.now());
        OfflineState.restore(stateDir, file, node.nodeId());
        node.write();
        out.println(
                "cluster " + backup.clusterId() + " is restored at store version " + backup.version() + ", with node "
                        + node.nodeId() + " as its only manager");
        out.println("start it with 'osmia node --state-dir " + stateDir + "'"
                + (node.locked() ? " and the unlock key that held when the backup was made" : "")
                + "; the nodes that are gone for good are then removed by 'osmia node rm --force NODE'");
    }

    private void requireEmpty() throws UsageException, IOException {
        List<String> found = new ArrayList<>();
        for (String name : LIFE) {
            if (holds(stateDir.resolve(name))) {
                found.add(name);
            }
        }
        if (!found.isEmpty()) {
            throw new UsageException(
                    stateDir + " is or was the state directory of a node (it holds " + String.join(", ", found)
                            + "); restore into one that is empty, or holds certificates/ alone");
        }
    }

    /** Some folders are there before a node is one of a cluster, and empty. */
    private static boolean holds(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return Files.exists(path);
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isPresent();
        }
    }

    private static String newNodeId() {
        byte[] random = new byte[17];
        new SecureRandom().nextBytes(random);
        return ObjectIds.of(random);
    }
}
