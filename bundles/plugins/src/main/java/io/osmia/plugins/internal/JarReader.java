package io.osmia.plugins.internal;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.jar.Attributes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/** Reads a jar in one go and refuses what is not whole or is no plugin. */
final class JarReader {

    /** Manifest header {@code KIND;name=NAME}. */
    static final String HEADER = "Osmia-Plugin";

    private static final Pattern HEADER_VALUE =
            Pattern.compile(
                    "\\s*(executor|strategy|constraint|filter)\\s*;\\s*name\\s*=\\s*\"?([a-z0-9][a-z0-9-]{0,62})\"?\\s*");

    private static final Pattern SYMBOLIC_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,199}");

    /** Greater than any plugin; a file of this size is a mistake. */
    static final long GREATEST = 64L << 20;

    private JarReader() {}

    /** The file is not, or not yet, a plugin; the message says why. */
    static final class NotAPlugin extends Exception {

        @Serial
        private static final long serialVersionUID = 1L;

        private final boolean passing;

        NotAPlugin(String message) {
            this(message, false);
        }

        private NotAPlugin(String message, boolean passing) {
            super(message);
            this.passing = passing;
        }

        /** Whether it may be another time although the file stays as it is: no space for a copy, no permission. */
        boolean isPassing() {
            return passing;
        }
    }

    static PluginJar read(Path file, boolean shipped) throws NotAPlugin {
        try {
            if (Files.size(file) > GREATEST) {
                throw new NotAPlugin("it is larger than " + (GREATEST >> 20) + " MiB");
            }
            byte[] bytes = Files.readAllBytes(file);
            try (JarCopy copy = JarCopy.of(bytes)) {
                return describe(file, shipped, bytes, Unpacking.manifest(copy.file()).getMainAttributes());
            }
        } catch (IOException e) {
            throw new NotAPlugin("it cannot be read: " + e.getMessage(), true);
        }
    }

    private static PluginJar describe(Path file, boolean shipped, byte[] bytes, Attributes manifest) throws NotAPlugin {
        String plugin = Declared.header(manifest, HEADER);
        Matcher clause = HEADER_VALUE.matcher(plugin);
        if (!clause.matches()) {
            throw new NotAPlugin("its manifest header " + HEADER + " is '" + plugin
                    + "'; it must be executor, strategy, constraint or filter, then ;name=NAME");
        }
        Version version;
        try {
            version = Version.parseVersion(Declared.header(manifest, Constants.BUNDLE_VERSION));
        } catch (IllegalArgumentException e) {
            throw new NotAPlugin("its Bundle-Version is invalid: " + e.getMessage());
        }
        return new PluginJar(
                file, shipped, symbolicName(manifest), version, clause.group(1), clause.group(2),
                Declared.of(manifest, clause.group(1)), sha256(bytes));
    }

    /** Files are named after it. */
    private static String symbolicName(Attributes manifest) throws NotAPlugin {
        String header = Declared.header(manifest, Constants.BUNDLE_SYMBOLICNAME);
        int end = header.indexOf(';');
        String name = (end < 0 ? header : header.substring(0, end)).strip();
        if (!SYMBOLIC_NAME.matcher(name).matches()) {
            throw new NotAPlugin("its Bundle-SymbolicName is '" + name
                    + "'; it must be letters, digits, dashes, underscores and dots, and not begin with a dot or a dash");
        }
        return name;
    }

    /** The bytes of a jar that was read before, if they are still the same. */
    static byte[] again(PluginJar jar) throws NotAPlugin {
        try {
            byte[] bytes = Files.readAllBytes(jar.file());
            if (sha256(bytes).equals(jar.digest())) {
                return bytes;
            }
            throw new NotAPlugin("it changed while it was being installed");
        } catch (IOException e) {
            throw new NotAPlugin("it cannot be read: " + e.getMessage());
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-256
        }
    }
}
