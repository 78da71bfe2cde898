package io.osmia.plugins.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the installed plugins as the folders say. Whoever changes something, or asks twice, holds the lock; the table may be
 * read from any thread.
 *
 * <p>A jar that is not whole, is no plugin or does not resolve is refused and named; what was installed before stays.
 */
final class PluginInstaller {

    private static final Logger LOG = LoggerFactory.getLogger(PluginInstaller.class);

    private final FoundJars found;
    private final Installer installer;
    private final Gate gate;
    private final Memory memory;
    private final Kept kept;
    private final ReentrantLock changing = new ReentrantLock();
    private boolean remembered;

    /** The jar that is active, by symbolic name. */
    private final SortedMap<String, PluginJar> active = new TreeMap<>();

    /** Names whose active jar has no file any more, and stays because what was to come in its place was refused. */
    private final Set<String> orphaned = new HashSet<>();

    private volatile List<PluginStatus> table = List.of();

    /**
     * @param memory what was active of the node's own jars before the framework was restarted
     * @param kept copies for the way back
     */
    PluginInstaller(PluginFolders folders, Gate gate, Installer installer, Memory memory, Kept kept) {
        this.kept = kept;
        this.found = new FoundJars(folders);
        this.gate = gate;
        this.installer = installer;
        this.memory = memory;
    }

    /** All plugins, as of the last look. */
    List<PluginStatus> table() {
        return table;
    }

    void lock() {
        changing.lock();
    }

    void unlock() {
        changing.unlock();
    }

    /** The active jar of that bundle name. */
    Optional<PluginJar> active(String symbolicName) {
        return Optional.ofNullable(active.get(symbolicName));
    }

    /** The jar of that bundle name that was active before and is kept. */
    Optional<PluginJar> former(String symbolicName) {
        return kept.formerOf(symbolicName);
    }

    /** The jar of that bundle name that came with the distribution; it may have been refused. */
    Optional<PluginJar> shipped(String symbolicName) {
        return found.shipped(symbolicName);
    }

    /** The bundle name of the plugin that is called so, by its own name or its bundle's. */
    Optional<String> symbolicName(String name) {
        return active.values().stream()
                .filter(jar -> jar.name().equals(name) || jar.symbolicName().equals(name))
                .map(PluginJar::symbolicName)
                .findFirst()
                .or(() -> name.matches("[A-Za-z0-9._-]+") ? former(name).map(PluginJar::symbolicName)
                        : Optional.empty());
    }

    /** Why the jar does not fit this node. */
    Optional<String> objection(PluginJar jar) {
        return gate.objection(jar);
    }

    /** Why the file was refused. */
    Optional<String> refusalOf(Path file) {
        return found.refusalOf(file);
    }

    /** At the next look the file is new. */
    void forget(Path file) {
        found.forget(file);
    }

    /** Looks at the folders once and does what has changed. */
    void look() throws IOException {
        lock();
        try {
            lookNow();
        } finally {
            unlock();
        }
    }

    private void lookNow() throws IOException {
        if (!remembered) {
            remembered = true;
            memory.read().stream().filter(installer::resume).forEach(jar -> active.put(jar.symbolicName(), jar));
        }
        boolean changed = found.look();
        if (!installer.isEnding() && (changed || !stopped().isEmpty())) {
            apply();
        }
    }

    /** Plugins that should run and do not: the framework may fail to start one while it is busy with others. */
    private List<PluginJar> stopped() {
        return active.values().stream().filter(jar -> !installer.isActive(jar)).toList();
    }

    private void apply() {
        stopped().forEach(jar -> active.remove(jar.symbolicName()));
        Set<String> refused = new HashSet<>();
        List<PluginJar> now;
        do {
            now = installChosen();
            now.forEach(jar -> refused.add(jar.symbolicName()));
        } while (!now.isEmpty()); // now it is the turn of what they stood in front of
        if (installer.isEnding()) {
            return; // what could not be started is not absent
        }
        dropAbsent(refused);
        memory.write(active.values());
        table = new PluginTable(found.examined(), active, found.overlay(), installer::bundle, kept).lines();
    }

    /** Returns those that were refused. */
    private List<PluginJar> installChosen() {
        List<PluginJar> refused = new ArrayList<>();
        for (PluginJar jar : found.overlay().chosen().values()) {
            @Nullable PluginJar former = active.get(jar.symbolicName());
            if (former != null && former.digest().equals(jar.digest())) {
                active.put(jar.symbolicName(), jar); // one that is remembered knows less of itself
            } else if ((former == null || !found.isRefused(former.file())) && !install(jar, former)) {
                refused.add(jar);
            }
        }
        return refused;
    }

    /** Returns whether the jar was not refused. */
    private boolean install(PluginJar jar, @Nullable PluginJar former) {
        Optional<String> refusal = gate.objection(jar).or(() -> installer.install(jar));
        if (refusal.isEmpty()) {
            active.put(jar.symbolicName(), jar);
            orphaned.remove(jar.symbolicName());
            keep(jar, former);
            if (former == null) {
                LOG.info("plugin {} is active", jar);
            } else {
                LOG.info("plugin {} is active in place of {}", jar, former);
            }
            return true;
        }
        if (installer.isEnding()) {
            return true; // says nothing about the plugin
        }
        LOG.warn("plugin {} is refused: {}; what is installed stays", jar, refusal.get());
        found.refuse(jar, refusal.get());
        return false;
    }

    private void keep(PluginJar jar, @Nullable PluginJar former) {
        if (!jar.shipped()) {
            kept.activated(jar);
        } else if (former != null && !former.shipped()) {
            kept.removed(jar.symbolicName());
        }
    }

    /**
     * Removes the bundles that no jar stands for any more. While its file is there but refused, its former content stays:
     * somebody is replacing it. It also stays when its file is gone and what was to come in its place was refused.
     *
     * @param refused names of those that were refused just now
     */
    private void dropAbsent(Set<String> refused) {
        Set<String> wanted = found.overlay().chosen().keySet();
        orphaned.retainAll(found.names());
        for (PluginJar jar : List.copyOf(active.values())) {
            if (wanted.contains(jar.symbolicName()) || found.isRefused(jar.file())) {
                continue;
            }
            if (refused.contains(jar.symbolicName()) || orphaned.contains(jar.symbolicName())) {
                orphaned.add(jar.symbolicName());
            } else {
                active.remove(jar.symbolicName());
                kept.removed(jar.symbolicName());
                LOG.info("plugin {} is removed", jar);
            }
        }
        Set<String> locations = new HashSet<>();
        active.values().forEach(jar -> locations.add(jar.location()));
        List<Bundle> stray = installer.installed().stream()
                .filter(bundle -> !locations.contains(bundle.getLocation()))
                .toList();
        installer.remove(stray);
    }
}
