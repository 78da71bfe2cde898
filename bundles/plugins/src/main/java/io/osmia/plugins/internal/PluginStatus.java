package io.osmia.plugins.internal;

import java.nio.file.Path;
import java.util.Optional;

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
 * @param jar the jar; empty when it could not be read
 * @param former version that was active before; empty when there was none
 */
record PluginStatus(
        String name,
        String kind,
        String version,
        State state,
        Path file,
        String message,
        long bundle,
        Optional<PluginJar> jar,
        String former) {

    static final long NO_BUNDLE = -1;

    /** One that is not known to be a plugin. */
    PluginStatus(String name, String kind, String version, State state, Path file, String message) {
        this(name, kind, version, state, file, message, NO_BUNDLE, Optional.empty(), "");
    }

    enum State {
        ACTIVE,
        OVERLAID,
        REFUSED
    }

    static PluginStatus of(PluginJar jar, State state, String message) {
        return new PluginStatus(jar.name(), jar.kind(), jar.version().toString(), state, jar.file(), message,
                NO_BUNDLE, Optional.of(jar), "");
    }

    /** The active one of its name. */
    static PluginStatus active(PluginJar jar, long bundle, String former) {
        return new PluginStatus(
                jar.name(), jar.kind(), jar.version().toString(), State.ACTIVE, jar.file(), "", bundle,
                Optional.of(jar), former);
    }
}
