package io.osmia.node.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaving the cluster for good: asked for by a file {@code leave} in the state directory, done when the node stops. What makes
 * it a node of this cluster is removed then; its object in the cluster is for a manager to remove.
 */
final class Leaving {

    private static final Logger LOG = LoggerFactory.getLogger(Leaving.class);

    /** The file itself is the last, so that a leave that was interrupted is finished by the next stop. */
    private static final List<String> IDENTITY = List.of("worker", "raft", "state.json", "certificates", "leave");

    private final Path stateDir;

    Leaving(Path stateDir) {
        this.stateDir = stateDir;
    }

    boolean wanted() {
        return Files.exists(stateDir.resolve("leave"));
    }

    /** Removes the identity, if that was asked for. */
    void finish() {
        if (!wanted()) {
            return;
        }
        for (String name : IDENTITY) {
            remove(stateDir.resolve(name));
        }
        LOG.info("node: has left the cluster");
    }

    private static void remove(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.error("node: {} cannot be removed: {}", path, e.toString());
        }
    }
}
