package io.osmia.shell.internal.service;

import io.osmia.wire.swarmkit.ServiceSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where tasks may run. */
final class PlacementFlags {

    @Option(names = "--constraint", paramLabel = "EXPRESSION", description = "Such as node.role==manager; replaces all. Repeatable.")
    private @Nullable List<String> constraints;

    @Option(names = "--replicas-max-per-node", paramLabel = "N", description = "Most replicas on one node. 0: no limit.")
    private @Nullable String maxReplicas;

    void mergeInto(ServiceSpec.Builder spec) {
        if (constraints != null) {
            spec.getTaskBuilder().getPlacementBuilder().clearConstraints().addAllConstraints(constraints);
        }
        if (maxReplicas != null) {
            spec.getTaskBuilder()
                    .getPlacementBuilder()
                    .setMaxReplicas(Numbers.count("--replicas-max-per-node", maxReplicas));
        }
    }
}
