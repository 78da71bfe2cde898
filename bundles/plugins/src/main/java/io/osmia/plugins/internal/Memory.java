package io.osmia.plugins.internal;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the node's own jars the bundles in the framework's cache came from. A jar that is damaged while the node is down
 * then leaves its former content active, as it does while the node runs. It lives and dies with that cache.
 *
 * @param file where it is kept
 */
record Memory(Path file) {

    private static final Logger LOG = LoggerFactory.getLogger(Memory.class);

    /** Version, kind, name, digest, file: the last may hold the separator. */
    private static final int FIELDS = 5;

    /** What was written last; nothing when it cannot be read. */
    List<PluginJar> read() {
        Properties lines = load();
        List<PluginJar> jars = new ArrayList<>();
        for (String symbolicName : lines.stringPropertyNames()) {
            String[] fields = lines.getProperty(symbolicName).split(" ", FIELDS);
            try {
                jars.add(new PluginJar(
                        Path.of(fields[4]), false, symbolicName, Version.parseVersion(fields[0]), fields[1], fields[2],
                        Declared.NOTHING, fields[3]));
            } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
                LOG.warn("plugins: {} is damaged at {}", file, symbolicName);
            }
        }
        return jars;
    }

    private Properties load() {
        Properties lines = new Properties();
        if (Files.exists(file)) {
            try (Reader in = Files.newBufferedReader(file)) {
                lines.load(in);
            } catch (IOException | IllegalArgumentException e) {
                LOG.warn("plugins: cannot read {}: {}", file, e.toString());
            }
        }
        return lines;
    }

    void write(Collection<PluginJar> active) {
        Properties lines = new Properties();
        for (PluginJar jar : active) {
            if (!jar.shipped()) {
                lines.setProperty(
                        jar.symbolicName(),
                        String.join(" ", jar.version().toString(), jar.kind(), jar.name(), jar.digest(),
                                jar.file().toString()));
            }
        }
        if (lines.equals(load())) {
            return;
        }
        StringWriter text = new StringWriter();
        try {
            lines.store(text, null);
            WholeFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.warn("plugins: cannot write {}: {}", file, e.toString());
        }
    }
}
