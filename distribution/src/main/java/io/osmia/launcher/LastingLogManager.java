package io.osmia.launcher;

import java.util.logging.LogManager;

/**
 * Keeps its handlers while the machine shuts down: Java's own log manager takes them away at once on SIGTERM, and what a node
 * says of its end would be lost. Named by the system property {@code java.util.logging.manager}.
 */
public final class LastingLogManager extends LogManager {

    /** Does nothing: it is called at the shutdown. */
    @Override
    public void reset() {
        // see above
    }
}
