package io.osmia.shell.internal.service;

import io.osmia.wire.swarmkit.ServiceSpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How tasks are replaced when the specification changes. */
final class UpdateFlags {

    @Option(names = "--update-parallelism", paramLabel = "N", description = "How many at once. 0: all. Default: 1.")
    private @Nullable String parallelism;

    @Option(names = "--update-delay", paramLabel = "TIME", description = "Wait between them. Default: 0s.")
    private @Nullable String delay;

    @Option(names = "--update-on-failure", paramLabel = "pause|continue|rollback", description = "What to do when new tasks fail. Default: pause.")
    private @Nullable String onFailure;

    @Option(names = "--update-order", paramLabel = "stop-first|start-first", description = "Which comes first: the old one stops, or the new one runs. Default: stop-first.")
    private @Nullable String order;

    @Option(names = "--update-monitor", paramLabel = "TIME", description = "How long a new task is watched for failing. Default: 5s.")
    private @Nullable String monitor;

    @Option(names = "--update-max-failure-ratio", paramLabel = "RATIO", description = "How many may fail, from 0 to 1. Default: 0.")
    private @Nullable String maxFailureRatio;

    void mergeInto(ServiceSpec.Builder spec) {
        Replacement said = new Replacement("--update", Set.of("pause", "continue", "rollback"), parallelism, delay,
                onFailure, order, monitor, maxFailureRatio);
        if (said.isSaid()) {
            boolean given = spec.hasUpdate();
            said.mergeInto(spec.getUpdateBuilder(), given);
        }
    }
}
