package io.osmia.plugins.internal;

import java.nio.file.Path;
import org.osgi.framework.Version;

/**
 * A jar that was read whole and says what plugin it is.
 *
 * @param file where it was read from
 * @param shipped whether it came with the distribution
 * @param symbolicName the bundle's name: jars of the same name replace each other
 * @param version the bundle's version
 * @param kind executor, strategy, constraint or filter
 * @param name name for people, from the manifest header {@code Osmia-Plugin}
 * @param declared what has to fit the node
 * @param digest SHA-256 of the file's bytes, hex
 */
record PluginJar(
        Path file,
        boolean shipped,
        String symbolicName,
        Version version,
        String kind,
        String name,
        Declared declared,
        String digest) {

    /** The kind of plugins of which only one at a time may run. */
    static final String EXECUTOR = "executor";

    /** The location that the framework knows the bundle by: the same bytes are not installed twice. */
    String location() {
        return PREFIX + symbolicName + ":" + digest;
    }

    /** What the location of every plugin bundle begins with. */
    static final String PREFIX = "plugin:";

    @Override
    public String toString() {
        return kind + " " + name + " " + version + " (" + file.getFileName() + ")";
    }
}
