package io.osmia.shell.internal.service;

import io.osmia.wire.swarmkit.ServiceSpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How tasks are replaced when an update is taken back. */
final class RollbackFlags {

    @Option(names = "--rollback-parallelism", paramLabel = "N", description = "How many at once. 0: all. Default: 1.")
    private @Nullable String parallelism;

    @Option(names = "--rollback-delay", paramLabel = "TIME", description = "Wait between them. Default: 0s.")
    private @Nullable String delay;

    @Option(names = "--rollback-on-failure", paramLabel = "pause|continue", description = "What to do when tasks fail again. Default: pause.")
    private @Nullable String onFailure;

    @Option(names = "--rollback-order", paramLabel = "stop-first|start-first", description = "Which comes first. Default: stop-first.")
    private @Nullable String order;

    @Option(names = "--rollback-monitor", paramLabel = "TIME", description = "How long a task is watched for failing. Default: 5s.")
    private @Nullable String monitor;

    @Option(names = "--rollback-max-failure-ratio", paramLabel = "RATIO", description = "How many may fail, from 0 to 1. Default: 0.")
    private @Nullable String maxFailureRatio;

    void mergeInto(ServiceSpec.Builder spec) {
        Replacement said = new Replacement("--rollback", Set.of("pause", "continue"), parallelism, delay, onFailure,
                order, monitor, maxFailureRatio);
        if (said.isSaid()) {
            boolean given = spec.hasRollback();
            said.mergeInto(spec.getRollbackBuilder(), given);
        }
    }
}
