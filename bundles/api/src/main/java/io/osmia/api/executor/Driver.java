package io.osmia.api.executor;

import java.util.Map;

/**
 * A driver of an engine, for logs or volumes.
 *
 * @param name its name; empty for the engine's choice
 * @param options what it is told
 */
public record Driver(String name, Map<String, String> options) {

    /** The engine's choice. */
    public static final Driver NONE = new Driver("", Map.of());

    public Driver {
        options = Map.copyOf(options);
    }
}
