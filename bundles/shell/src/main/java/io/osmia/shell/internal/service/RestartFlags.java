package io.osmia.shell.internal.service;

import io.osmia.shell.internal.text.GoDuration;
import io.osmia.wire.swarmkit.RestartPolicy;
import io.osmia.wire.swarmkit.ServiceSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What happens when a task ends. */
final class RestartFlags {

    @Option(names = "--restart-condition", paramLabel = "any|failure|none", description = "When to restart. Default: any.")
    private @Nullable String condition;

    @Option(names = "--restart-delay", paramLabel = "TIME", description = "Wait before that. Default: 5s.")
    private @Nullable String delay;

    @Option(names = "--restart-max-attempts", paramLabel = "N", description = "How often. 0: without end (default).")
    private @Nullable String maxAttempts;

    @Option(names = "--restart-window", paramLabel = "TIME", description = "Time in which attempts count. 0s: all.")
    private @Nullable String window;

    void mergeInto(ServiceSpec.Builder spec) {
        if (condition == null && delay == null && maxAttempts == null && window == null) {
            return;
        }
        RestartPolicy.Builder policy = policy(spec);
        if (condition != null) {
            policy.setCondition(condition(condition));
        }
        if (delay != null) {
            policy.setDelay(GoDuration.parse(delay));
        }
        if (maxAttempts != null) {
            policy.setMaxAttempts(Numbers.count("--restart-max-attempts", maxAttempts));
        }
        if (window != null) {
            policy.setWindow(GoDuration.parse(window));
        }
    }

    /** No policy means any, but a policy without condition means none (rule 1.4.20). */
    private static RestartPolicy.Builder policy(ServiceSpec.Builder spec) {
        boolean absent = !spec.getTask().hasRestart();
        RestartPolicy.Builder policy = spec.getTaskBuilder().getRestartBuilder();
        return absent ? policy.setCondition(RestartPolicy.RestartCondition.ANY) : policy;
    }

    private static RestartPolicy.RestartCondition condition(String text) {
        return switch (text) {
            case "any" -> RestartPolicy.RestartCondition.ANY;
            case "failure" -> RestartPolicy.RestartCondition.ON_FAILURE;
            case "none" -> RestartPolicy.RestartCondition.NONE;
            default -> throw new IllegalArgumentException(
                    "--restart-condition takes any, failure or none, not '" + text + "'");
        };
    }
}
