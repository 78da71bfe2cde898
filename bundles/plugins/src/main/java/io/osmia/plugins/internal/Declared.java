package io.osmia.plugins.internal;

import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.VersionRange;

/**
 * What a plugin's manifest says that has to fit the node.
 *
 * @param spi versions of the plugin SPI that it was written for
 * @param executor kind of executor; empty when it is none
 * @param handleVersions versions of handles that the executor recovers; empty when it is none
 */
record Declared(VersionRange spi, String executor, Set<Integer> handleVersions) {

    static final String SPI = "Osmia-Spi";
    static final String EXECUTOR = "Osmia-Executor";
    static final String HANDLE_VERSIONS = "Osmia-Handle-Versions";

    /** Of a plugin that was let in before. */
    static final Declared NOTHING = new Declared(new VersionRange("0"), "", Set.of());

    private static final String KIND = "[a-z0-9][a-z0-9-]{0,62}";
    private static final String VERSION = "[1-9][0-9]{0,8}";

    Declared {
        handleVersions = Set.copyOf(handleVersions);
    }

    /** Reads the headers of a plugin of that kind. */
    static Declared of(Attributes manifest, String kind) throws JarReader.NotAPlugin {
        VersionRange spi = range(header(manifest, SPI));
        if (!kind.equals(PluginJar.EXECUTOR)) {
            return new Declared(spi, "", Set.of());
        }
        String executor = header(manifest, EXECUTOR).strip();
        if (!executor.matches(KIND)) {
            throw new JarReader.NotAPlugin("its manifest header " + EXECUTOR + " is '" + executor
                    + "'; it must be lower-case letters, digits and dashes");
        }
        return new Declared(spi, executor, versions(header(manifest, HANDLE_VERSIONS)));
    }

    private static VersionRange range(String text) throws JarReader.NotAPlugin {
        try {
            return new VersionRange(unquoted(text));
        } catch (IllegalArgumentException e) {
            throw new JarReader.NotAPlugin(
                    "its manifest header " + SPI + " is '" + text + "'; it must be a range such as [1.0,2)");
        }
    }

    private static Set<Integer> versions(String text) throws JarReader.NotAPlugin {
        Set<Integer> versions = new TreeSet<>();
        for (String version : unquoted(text).split(",", -1)) {
            if (!version.strip().matches(VERSION)) {
                throw new JarReader.NotAPlugin("its manifest header " + HANDLE_VERSIONS + " is '" + text
                        + "'; it must be numbers from 1 on, with commas between them");
            }
            versions.add(Integer.valueOf(version.strip()));
        }
        return versions;
    }

    private static String unquoted(String text) {
        String bare = text.strip();
        boolean quoted = bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"");
        return quoted ? bare.substring(1, bare.length() - 1) : bare;
    }

    static String header(Attributes manifest, String name) throws JarReader.NotAPlugin {
        @Nullable String value = manifest.getValue(name);
        if (value == null) {
            throw new JarReader.NotAPlugin("its manifest lacks the header " + name);
        }
        return value;
    }
}
