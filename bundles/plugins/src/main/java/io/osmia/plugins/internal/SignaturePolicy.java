package io.osmia.plugins.internal;

import io.osmia.roles.PluginPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether plugins must be signed: when the node's settings or the cluster say so. What the cluster said last is remembered, since
 * a node looks at its plugins before it has the cluster's state, and a worker only hears of it from the leader.
 *
 * @param always whether the node's settings say so
 * @param cluster what the cluster says, while this node knows
 * @param memory exists while the cluster has said so
 */
record SignaturePolicy(boolean always, Supplier<Optional<PluginPolicy>> cluster, Path memory) {

    private static final Logger LOG = LoggerFactory.getLogger(SignaturePolicy.class);

    /** Not among the plugins: who may put plugins there must not be able to take it away. */
    static Path memory(Path stateDir) {
        return stateDir.resolve("worker/plugins-signed");
    }

    boolean signed() {
        Optional<PluginPolicy> known = cluster.get();
        if (known.isEmpty()) {
            return always || Files.exists(memory);
        }
        boolean signed = known.get().signed();
        remember(signed);
        return always || signed;
    }

    /** What the leader says; for a node that has nowhere to look. */
    void heard(boolean signed) {
        if (cluster.get().isEmpty()) {
            remember(signed);
        }
    }

    private void remember(boolean signed) {
        try {
            if (!signed) {
                Files.deleteIfExists(memory);
            } else if (!Files.exists(memory)) {
                Files.createDirectories(memory.getParent());
                Files.createFile(memory);
            }
        } catch (IOException e) {
            LOG.warn("plugins: cannot remember that plugins must be signed: {}", e.toString());
        }
    }
}
