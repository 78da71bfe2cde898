package io.osmia.plugins.internal;

import java.nio.file.Path;

/**
 * One line of {@code osmia plugin ls}.
 *
 * @param name plugin name; the file name when the jar could not be read
 * @param kind kind; empty when unknown
 * @param version version; empty when unknown
 * @param state active, overlaid, refused or failed
 * @param file where it came from
 * @param message why it is not active; empty when it is
 */
record PluginStatus(String name, String kind, String version, State state, Path file, String message) {

    enum State {
        ACTIVE,
        OVERLAID,
        REFUSED
    }

    static PluginStatus of(PluginJar jar, State state, String message) {
        return new PluginStatus(jar.name(), jar.kind(), jar.version().toString(), state, jar.file(), message);
    }
}
