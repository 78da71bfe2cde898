package io.osmia.plugins.internal;

import io.osmia.plugins.internal.PluginFolders.Stamp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the files in the folders were found to be, at the last look and when they were tried. For one thread at a time. */
final class FoundJars {

    private static final Logger LOG = LoggerFactory.getLogger(FoundJars.class);

    private final PluginFolders folders;
    private final SortedMap<Path, Examined> examined = new TreeMap<>();

    FoundJars(PluginFolders folders) {
        this.folders = folders;
    }

    SortedMap<Path, Examined> examined() {
        return Collections.unmodifiableSortedMap(examined);
    }

    /** Reads what is new. Returns whether anything is other than before. */
    boolean look() throws IOException {
        SortedMap<Path, Stamp> files = folders.list();
        boolean changed = examined.keySet().retainAll(files.keySet());
        for (Map.Entry<Path, Stamp> file : files.entrySet()) {
            @Nullable Examined known = examined.get(file.getKey());
            if (known == null || !known.stamp().equals(file.getValue()) || known.stamp().equals(Stamp.NONE)) {
                Examined now = examine(file.getKey(), file.getValue(), known);
                changed |= !now.equals(known);
                examined.put(file.getKey(), now);
            }
        }
        return changed;
    }

    private Examined examine(Path file, Stamp stamp, @Nullable Examined known) {
        try {
            return new Examined(stamp, JarReader.read(file, file.startsWith(folders.shipped())), null);
        } catch (JarReader.NotAPlugin e) {
            String why = String.valueOf(e.getMessage());
            if (known == null || !why.equals(known.refusal())) {
                LOG.warn("plugin jar {} is refused: {}; what is installed stays", file, why);
            }
            return new Examined(e.isPassing() ? Stamp.NONE : stamp, null, why);
        }
    }

    /** At the next look the file is new. */
    void forget(Path file) {
        examined.remove(file);
    }

    /** It was tried in vain. */
    void refuse(PluginJar jar, String why) {
        examined.computeIfPresent(jar.file(), (file, look) -> look.refused(why));
    }

    /** Why the file was refused. */
    Optional<String> refusalOf(Path file) {
        return Optional.ofNullable(examined.get(file)).map(Examined::refusal);
    }

    boolean isRefused(Path file) {
        return refusalOf(file).isPresent();
    }

    /** The jar of that bundle name that came with the distribution; it may have been refused. */
    Optional<PluginJar> shipped(String symbolicName) {
        return jars(examined.values().stream())
                .filter(jar -> jar.shipped() && jar.symbolicName().equals(symbolicName))
                .max(Comparator.comparing(PluginJar::version));
    }

    /** Bundle names of all jars that could be read. */
    Set<String> names() {
        return jars(examined.values().stream()).map(PluginJar::symbolicName).collect(Collectors.toSet());
    }

    /** Of those that were not refused. */
    Overlay overlay() {
        return Overlay.of(jars(examined.values().stream().filter(look -> look.refusal() == null)).toList());
    }

    private static Stream<PluginJar> jars(Stream<Examined> looks) {
        return looks.map(Examined::jar).filter(Objects::nonNull);
    }
}
