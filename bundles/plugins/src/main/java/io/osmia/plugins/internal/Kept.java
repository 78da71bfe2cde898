package io.osmia.plugins.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of the node's own jars, for the way back: of each name the one that is active and the one before it. A jar that is
 * copied over in the plugins folder is lost there.
 *
 * @param folder where they are kept
 */
record Kept(Path folder) {

    private static final Logger LOG = LoggerFactory.getLogger(Kept.class);

    /** The jar has become the active one of its name. */
    void activated(PluginJar jar) {
        try {
            Files.createDirectories(folder);
            byte[] bytes = JarReader.again(jar);
            Path current = current(jar.symbolicName());
            if (Files.exists(current) && !JarReader.sha256(Files.readAllBytes(current)).equals(jar.digest())) {
                Files.move(current, former(jar.symbolicName()), StandardCopyOption.ATOMIC_MOVE);
            }
            WholeFile.write(current, bytes);
        } catch (IOException | JarReader.NotAPlugin e) {
            LOG.warn("plugin {}: no copy of it can be kept for a way back: {}", jar, e.getMessage());
        }
    }

    /** The node has no jar of that name any more. */
    void removed(String symbolicName) {
        try {
            if (Files.exists(current(symbolicName))) {
                Files.move(current(symbolicName), former(symbolicName), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            LOG.warn("plugin {}: no copy of it can be kept for a way back: {}", symbolicName, e.getMessage());
        }
    }

    /** What was active before; empty when there was none, or it cannot be read. */
    Optional<PluginJar> formerOf(String symbolicName) {
        try {
            Path former = former(symbolicName);
            return Files.exists(former)
                    ? Optional.of(JarReader.read(former, false)).filter(jar -> jar.symbolicName().equals(symbolicName))
                    : Optional.empty();
        } catch (JarReader.NotAPlugin e) {
            LOG.warn("plugin {}: the copy for the way back is damaged: {}", symbolicName, e.getMessage());
            return Optional.empty();
        }
    }

    private Path current(String symbolicName) {
        return folder.resolve(symbolicName + ".current");
    }

    private Path former(String symbolicName) {
        return folder.resolve(symbolicName + ".former");
    }
}
