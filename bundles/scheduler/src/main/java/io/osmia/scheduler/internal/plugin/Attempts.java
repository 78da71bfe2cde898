package io.osmia.scheduler.internal.plugin;

import java.util.function.Function;

/** Runs what calls plugins. */
public interface Attempts {

    /** On the caller's thread, which a plugin may hold for ever. */
    Attempts DIRECT = new Attempts() {
        @Override
        public <R> R run(Function<Lifeline, R> attempt) {
            return attempt.apply(new Lifeline());
        }
    };

    /**
     * Runs an attempt and waits for it.
     *
     * @throws PluginFault when a plugin failed, or did not return in time
     */
    <R> R run(Function<Lifeline, R> attempt);
}
