package io.osmia.executor.process.internal;

import java.util.Set;

/**
 * What the node's administrator has settled.
 *
 * @param enabled whether services may run programs of this machine
 * @param users users that a service may ask for; {@code *} for all
 * @param mode how processes run
 * @param logMaxBytes how much of a task's output is kept, in bytes of each file; 0 for all
 */
record Settings(boolean enabled, Set<String> users, Mode mode, long logMaxBytes) {

    /** How processes run. */
    enum Mode {
        /** Isolated where that is possible. */
        AUTO,
        /** With the machine's files and processes before their eyes. */
        PLAIN,
        /** In namespaces of their own. */
        ISOLATED
    }

    /** Those of a node that allows processes and says nothing else. */
    static final Settings DEFAULT = new Settings(true, Set.of(), Mode.PLAIN, 64 << 20);

    Settings {
        users = Set.copyOf(users);
        if (logMaxBytes < 0) {
            throw new IllegalArgumentException("log.max.bytes is " + logMaxBytes + "; 0 or more is needed");
        }
    }

    /** The mode of that name. */
    static Mode mode(String name) {
        return switch (name) {
            case "auto" -> Mode.AUTO;
            case "plain" -> Mode.PLAIN;
            case "isolated" -> Mode.ISOLATED;
            default ->
                throw new IllegalArgumentException("mode is '" + name + "'; it has to be auto, plain or isolated");
        };
    }

    Settings allowing(String... others) {
        return new Settings(enabled, Set.of(others), mode, logMaxBytes);
    }

    Settings keeping(long bytes) {
        return new Settings(enabled, users, mode, bytes);
    }

    Settings in(Mode other) {
        return new Settings(enabled, users, other, logMaxBytes);
    }
}
