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
 * @param bundle id of its bundle; {@link #NO_BUNDLE} when it has none
 */
record PluginStatus(String name, String kind, String version, State state, Path file, String message, long bundle) {

    static final long NO_BUNDLE = -1;

    /** One without a bundle. */
    PluginStatus(String name, String kind, String version, State state, Path file, String message) {
        this(name, kind, version, state, file, message, NO_BUNDLE);
    }

    enum State {
        ACTIVE,
        OVERLAID,
        REFUSED
    }

    static PluginStatus of(PluginJar jar, State state, String message) {
        return new PluginStatus(jar.name(), jar.kind(), jar.version().toString(), state, jar.file(), message);
    }

    /** The active one of its name. */
    static PluginStatus active(PluginJar jar, long bundle) {
        return new PluginStatus(
                jar.name(), jar.kind(), jar.version().toString(), State.ACTIVE, jar.file(), "", bundle);
    }
}
