package io.osmia.shell.internal.service;

import io.osmia.shell.internal.text.GoDuration;
import io.osmia.wire.swarmkit.UpdateConfig;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How tasks are replaced, as far as flags say it: in an update, and in the rollback of one.
 *
 * @param flags what the names of the flags begin with
 * @param actions what may be done when new tasks fail
 */
record Replacement(
        String flags,
        Set<String> actions,
        @Nullable String parallelism,
        @Nullable String delay,
        @Nullable String onFailure,
        @Nullable String order,
        @Nullable String monitor,
        @Nullable String maxFailureRatio) {

    boolean isSaid() {
        return parallelism != null
                || delay != null
                || onFailure != null
                || order != null
                || monitor != null
                || maxFailureRatio != null;
    }

    /**
     * Writes what is said.
     *
     * @param given whether there was a configuration: none means one at a time, but one without parallelism means all
     *            (rule 12.7)
     */
    void mergeInto(UpdateConfig.Builder config, boolean given) {
        if (!given) {
            config.setParallelism(1);
        }
        if (parallelism != null) {
            config.setParallelism(Numbers.count(flags + "-parallelism", parallelism));
        }
        if (delay != null) {
            config.setDelay(GoDuration.parse(delay));
        }
        if (onFailure != null) {
            config.setFailureAction(action(onFailure));
        }
        if (order != null) {
            config.setOrder(order(order));
        }
        if (monitor != null) {
            config.setMonitor(GoDuration.parse(monitor));
        }
        if (maxFailureRatio != null) {
            config.setMaxFailureRatio(ratio(maxFailureRatio));
        }
    }

    private UpdateConfig.FailureAction action(String text) {
        if (!actions.contains(text)) {
            throw new IllegalArgumentException(flags + "-on-failure takes "
                    + String.join(" or ", actions.stream().sorted().toList()) + ", not '" + text + "'");
        }
        return switch (text) {
            case "rollback" -> UpdateConfig.FailureAction.ROLLBACK;
            case "continue" -> UpdateConfig.FailureAction.CONTINUE;
            default -> UpdateConfig.FailureAction.PAUSE;
        };
    }

    private UpdateConfig.UpdateOrder order(String text) {
        return switch (text) {
            case "stop-first" -> UpdateConfig.UpdateOrder.STOP_FIRST;
            case "start-first" -> UpdateConfig.UpdateOrder.START_FIRST;
            default -> throw new IllegalArgumentException(
                    flags + "-order takes stop-first or start-first, not '" + text + "'");
        };
    }

    private float ratio(String text) {
        try {
            float ratio = Float.parseFloat(text);
            if (ratio >= 0 && ratio <= 1) {
                return ratio;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, as for a number out of range.
        }
        throw new IllegalArgumentException(flags + "-max-failure-ratio takes a number from 0 to 1, not '" + text + "'");
    }
}
