package io.osmia.shell.internal.service;

import io.osmia.shell.internal.text.GoDuration;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.UpdateConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How tasks are replaced when the specification changes. */
final class UpdateFlags {

    @Option(names = "--update-parallelism", paramLabel = "N", description = "How many at once. 0: all. Default: 1.")
    private @Nullable String parallelism;

    @Option(names = "--update-delay", paramLabel = "TIME", description = "Wait between them. Default: 0s.")
    private @Nullable String delay;

    @Option(names = "--update-on-failure", paramLabel = "pause|continue", description = "What to do when new tasks fail. Default: pause.")
    private @Nullable String onFailure;

    @Option(names = "--update-order", paramLabel = "stop-first", description = "Stop the old one, then start the new.")
    private @Nullable String order;

    void mergeInto(ServiceSpec.Builder spec) {
        if (parallelism == null && delay == null && onFailure == null && order == null) {
            return;
        }
        UpdateConfig.Builder update = config(spec);
        if (parallelism != null) {
            update.setParallelism(Numbers.count("--update-parallelism", parallelism));
        }
        if (delay != null) {
            update.setDelay(GoDuration.parse(delay));
        }
        if (onFailure != null) {
            update.setFailureAction(action(onFailure));
        }
        if (order != null) {
            update.setOrder(order(order));
        }
    }

    /** No configuration means one at a time, but one without parallelism means all (rule 12.7). */
    private static UpdateConfig.Builder config(ServiceSpec.Builder spec) {
        boolean absent = !spec.hasUpdate();
        UpdateConfig.Builder update = spec.getUpdateBuilder();
        return absent ? update.setParallelism(1) : update;
    }

    private static UpdateConfig.FailureAction action(String text) {
        return switch (text) {
            case "pause" -> UpdateConfig.FailureAction.PAUSE;
            case "continue" -> UpdateConfig.FailureAction.CONTINUE;
            case "rollback" -> throw new IllegalArgumentException("--update-on-failure rollback is not supported yet");
            default -> throw new IllegalArgumentException(
                    "--update-on-failure takes pause or continue, not '" + text + "'");
        };
    }

    private static UpdateConfig.UpdateOrder order(String text) {
        return switch (text) {
            case "stop-first" -> UpdateConfig.UpdateOrder.STOP_FIRST;
            case "start-first" -> throw new IllegalArgumentException("--update-order start-first is not supported yet");
            default -> throw new IllegalArgumentException("--update-order takes stop-first, not '" + text + "'");
        };
    }
}
