package io.osmia.raft.internal;

import io.osmia.raft.StateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Takes the folder {@code raft} away. */
public final class RaftFolder {

    private RaftFolder() {}

    /** The file that says whose state it is goes last: a state without it would be taken for damaged. */
    public static void wipe(Path stateDir) {
        Path raft = RaftDirectory.of(stateDir);
        if (!Files.isDirectory(raft)) {
            return;
        }
        Path member = IdentityFile.of(stateDir).path();
        try {
            for (Path file : deepestFirst(raft)) {
                if (!file.equals(member) && !file.equals(raft)) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(member);
            Files.deleteIfExists(raft);
        } catch (IOException e) {
            throw new StateException(raft, "cannot be removed: " + e, e);
        }
    }

    private static List<Path> deepestFirst(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
