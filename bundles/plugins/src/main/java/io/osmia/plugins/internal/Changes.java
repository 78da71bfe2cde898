package io.osmia.plugins.internal;

import io.osmia.roles.ExecutorExchange;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What commands do with plugins: they write or delete a jar in the node's own folder and look at it, as the watch does when
 * somebody else has. What is refused leaves the folder as it was.
 */
final class Changes {

    /** Hidden, so that it is not looked at. */
    private static final String INCOMING = ".incoming-";

    private final PluginInstaller plugins;
    private final Path own;
    private final Supplier<Optional<ExecutorExchange>> worker;

    /** @param own the node's folder of plugins */
    Changes(PluginInstaller plugins, Path own, Supplier<Optional<ExecutorExchange>> worker) {
        this.plugins = plugins;
        this.own = own;
        this.worker = worker;
    }

    /** Takes away what was coming in when the node was killed. */
    void forgetHalves() throws IOException {
        try (DirectoryStream<Path> halves = Files.newDirectoryStream(own, INCOMING + "*")) {
            for (Path half : halves) {
                Files.deleteIfExists(half);
            }
        }
    }

    /**
     * What was done, or would be.
     *
     * @param version the active version now; empty when there is none
     */
    record Change(String name, String kind, String formerVersion, String version, int workloads) {}

    /** An empty file for a jar to come. */
    Path incoming() throws IOException {
        return Files.createTempFile(own, INCOMING, ".jar");
    }

    /** Takes a jar in and the file away. With {@code update} there must be one of its name, without there must be none. */
    Change install(Path incoming, boolean update, boolean dryRun) throws Refusal, IOException {
        try {
            PluginJar read = JarReader.read(incoming, false);
            plugins.lock();
            try {
                Optional<PluginJar> former = plugins.active(read.symbolicName());
                checkPresence(read, former, update);
                return replace(read, former, incoming, dryRun);
            } finally {
                plugins.unlock();
            }
        } catch (JarReader.NotAPlugin e) {
            throw Refusal.because("the jar is refused: " + e.getMessage());
        } finally {
            Files.deleteIfExists(incoming);
        }
    }

    private static void checkPresence(PluginJar jar, Optional<PluginJar> former, boolean update) throws Refusal {
        if (former.isPresent() && !update) {
            throw Refusal.because("plugin " + jar.name() + " " + former.get().version()
                    + " is installed already; use 'osmia plugin update'");
        }
        if (former.isEmpty() && update) {
            throw Refusal.because("no plugin with the bundle name " + jar.symbolicName()
                    + " is installed; use 'osmia plugin install'");
        }
    }

    private Change replace(PluginJar jar, Optional<PluginJar> former, Path incoming, boolean dryRun)
            throws Refusal, IOException {
        Optional<String> objection = plugins.objection(jar);
        if (objection.isPresent()) {
            throw Refusal.because("plugin " + jar.name() + " " + jar.version() + " is refused: " + objection.get());
        }
        if (!dryRun) {
            Path target = former.filter(active -> !active.shipped()).map(PluginJar::file)
                    .orElseGet(() -> own.resolve(jar.symbolicName() + ".jar"));
            byte @Nullable [] before = content(target);
            Files.move(incoming, target, StandardCopyOption.ATOMIC_MOVE);
            plugins.look();
            boolean active = plugins.active(jar.symbolicName())
                    .filter(now -> now.digest().equals(jar.digest())).isPresent();
            if (!active) {
                String why = plugins.refusalOf(target).orElse("another jar of the folder stands in front of it");
                restore(target, before);
                plugins.look();
                throw Refusal.because("plugin " + jar.name() + " " + jar.version() + " is refused: " + why);
            }
        }
        return change(jar, former, jar.version().toString());
    }

    private static byte @Nullable [] content(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllBytes(file) : null;
    }

    private static void restore(Path target, byte @Nullable [] before) throws IOException {
        if (before == null) {
            Files.delete(target);
        } else {
            WholeFile.write(target, before);
        }
    }

    /** Goes back to the version before. */
    Change rollback(String name, boolean dryRun) throws Refusal, IOException {
        plugins.lock();
        try {
            String symbolicName = plugins.symbolicName(name).orElseThrow(() -> Refusal.unknown(name));
            Optional<PluginJar> active = plugins.active(symbolicName);
            Optional<PluginJar> former = plugins.former(symbolicName);
            if (former.isPresent()) {
                Path incoming = incoming();
                try {
                    Files.copy(former.get().file(), incoming, StandardCopyOption.REPLACE_EXISTING);
                    return replace(JarReader.read(incoming, false), active, incoming, dryRun);
                } finally {
                    Files.deleteIfExists(incoming);
                }
            }
            if (active.filter(jar -> !jar.shipped()).isPresent() && plugins.shipped(symbolicName).isPresent()) {
                return drop(active.get(), dryRun);
            }
            throw Refusal.because("there is no former version of plugin " + name + " on this node to go back to");
        } catch (JarReader.NotAPlugin e) {
            throw Refusal.because("the former jar of plugin " + name + " cannot be used: " + e.getMessage());
        } finally {
            plugins.unlock();
        }
    }

    /** Takes the node's own jar away; one that came with the distribution comes back in its place. */
    Change remove(String name, boolean dryRun, boolean force) throws Refusal, IOException {
        plugins.lock();
        try {
            PluginJar active = plugins.symbolicName(name).flatMap(plugins::active)
                    .orElseThrow(() -> Refusal.unknown(name));
            if (active.shipped()) {
                throw Refusal
                        .because("plugin " + name + " came with the distribution and cannot be removed; put another"
                                + " version in front of it with 'osmia plugin update'");
            }
            int workloads = workloads(active);
            if (workloads > 0 && !force && plugins.shipped(active.symbolicName()).isEmpty()) {
                throw Refusal
                        .because("plugin " + name + " looks after " + workloads + " workloads of this node; end them,"
                                + " or use --force: they run on, and wait for an executor that finds them");
            }
            return drop(active, dryRun);
        } finally {
            plugins.unlock();
        }
    }

    private Change drop(PluginJar active, boolean dryRun) throws Refusal, IOException {
        Optional<PluginJar> behind = plugins.shipped(active.symbolicName());
        if (behind.isPresent()) {
            Optional<String> objection = plugins.objection(behind.get());
            if (objection.isPresent()) {
                throw Refusal.because("version " + behind.get().version() + ", which would come back, does not fit: "
                        + objection.get());
            }
        }
        if (!dryRun) {
            takeAway(active, behind);
        }
        return change(active, Optional.of(active), behind.map(jar -> jar.version().toString()).orElse(""));
    }

    private void takeAway(PluginJar active, Optional<PluginJar> behind) throws Refusal, IOException {
        byte @Nullable [] before = content(active.file());
        Files.deleteIfExists(active.file());
        lookAnew(behind);
        boolean stays = plugins.active(active.symbolicName())
                .filter(now -> now.file().equals(active.file())).isPresent();
        if (stays) {
            String why = behind
                    .map(jar -> "version " + jar.version() + ", which would come back, is refused: "
                            + plugins.refusalOf(jar.file()).orElse("another jar stands in front of it"))
                    .orElse("another jar of its name, which would come in its place, is refused");
            if (before != null) {
                WholeFile.write(active.file(), before);
                lookAnew(behind);
            }
            throw Refusal.because(why);
        }
    }

    /** Looks at the folders, and at that jar as if nothing had been found against it. */
    private void lookAnew(Optional<PluginJar> jar) throws IOException {
        jar.map(PluginJar::file).ifPresent(plugins::forget);
        plugins.look();
    }

    private Change change(PluginJar jar, Optional<PluginJar> former, String version) {
        String before = former.map(active -> active.version().toString()).orElse("");
        return new Change(jar.name(), jar.kind(), before, version, former.map(this::workloads).orElse(0));
    }

    private int workloads(PluginJar jar) {
        String kind = jar.declared().executor();
        return kind.isEmpty() ? 0 : worker.get().map(here -> here.workloads(kind)).orElse(0);
    }
}
