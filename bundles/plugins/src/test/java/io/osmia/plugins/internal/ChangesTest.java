package io.osmia.plugins.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.plugins.internal.Changes.Change;
import io.osmia.plugins.internal.PluginStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** What commands do, in a real Felix. */
class ChangesTest {

    private static final Map<String, String> EXECUTOR = Map.of(JarReader.HEADER, "executor;name=spread");

    @TempDir
    Path dir;

    private final ScriptedWorker worker = new ScriptedWorker();
    private Path shipped;
    private Path own;
    private Framework felix;
    private PluginInstaller plugins;
    private Changes changes;

    @BeforeEach
    void start() throws Exception {
        shipped = Files.createDirectory(dir.resolve("shipped"));
        own = Files.createDirectory(dir.resolve("own"));
        felix = ServiceLoader.load(FrameworkFactory.class)
                .iterator()
                .next()
                .newFramework(new HashMap<>(Map.of(
                        Constants.FRAMEWORK_STORAGE, dir.resolve("cache").toString(), "felix.log.level", "0",
                        Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE)));
        felix.start();
        plugins = new PluginInstaller(
                new PluginFolders(shipped, own),
                new Gate(kind -> Optional.of(Version.valueOf("1.2.0")), () -> Optional.of(worker),
                        jar -> Optional.empty()),
                new Installer(felix.getBundleContext(), PluginInstallerTest.AMPLE, () -> Optional.of(worker)),
                new Memory(dir.resolve("own-plugins")),
                new Kept(own.resolve(".kept")));
        changes = new Changes(plugins, own, () -> Optional.of(worker));
    }

    @AfterEach
    void stop() throws Exception {
        felix.stop();
        felix.waitForStop(PluginInstallerTest.AMPLE.toMillis());
    }

    private static byte[] jar(String version) throws IOException {
        return PluginInstallerTest.jar(version, Map.of());
    }

    private Change install(byte[] jar, boolean update, boolean dryRun) throws Refusal, IOException {
        return changes.install(Files.write(changes.incoming(), jar), update, dryRun);
    }

    private List<String> active() {
        return plugins.table().stream()
                .filter(line -> line.state() == State.ACTIVE)
                .map(PluginStatus::version)
                .toList();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(own)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.equals(".kept")).toList();
        }
    }

    private static void refused(String why, ThrowingCallable change) {
        assertThatThrownBy(change).isInstanceOf(Refusal.class).hasMessageContaining(why);
    }

    @Test
    void aPluginIsInstalledUpdatedRolledBackAndRemoved() throws Exception {
        assertThat(install(jar("1.0.0"), false, false))
                .isEqualTo(new Change("spread", "strategy", "", "1.0.0", 0));
        assertThat(files()).containsExactly("test.spread.jar");
        refused("is installed already", () -> install(jar("1.0.1"), false, false));

        assertThat(install(jar("1.0.1"), true, false))
                .isEqualTo(new Change("spread", "strategy", "1.0.0", "1.0.1", 0));
        assertThat(active()).containsExactly("1.0.1");
        assertThat(plugins.table().getFirst().former()).isEqualTo("1.0.0");

        assertThat(changes.rollback("spread", false))
                .isEqualTo(new Change("spread", "strategy", "1.0.1", "1.0.0", 0));
        assertThat(active()).containsExactly("1.0.0");
        changes.rollback("test.spread", false);
        assertThat(active()).containsExactly("1.0.1");

        assertThat(changes.remove("spread", false, false))
                .isEqualTo(new Change("spread", "strategy", "1.0.1", "", 0));
        assertThat(active()).isEmpty();
        assertThat(files()).isEmpty();
        refused("plugin spread not found", () -> changes.remove("spread", false, false));
        changes.rollback("test.spread", false);
        assertThat(active()).containsExactly("1.0.1");
    }

    @Test
    void theShippedOneIsUpdatedAndComesBackAndCannotBeRemoved() throws Exception {
        Files.write(shipped.resolve("spread.jar"), jar("2.0.0"));
        plugins.look();
        refused("came with the distribution", () -> changes.remove("spread", false, false));
        refused("no former version", () -> changes.rollback("spread", false));
        install(jar("1.5.0"), true, false);
        assertThat(active()).containsExactly("1.5.0");
        assertThat(changes.rollback("spread", false).version()).isEqualTo("2.0.0");
        assertThat(active()).containsExactly("2.0.0");
        assertThat(changes.rollback("spread", false).version()).isEqualTo("1.5.0");
        assertThat(changes.remove("spread", false, false).version()).isEqualTo("2.0.0");
        assertThat(active()).containsExactly("2.0.0");
    }

    @Test
    void aDryRunTouchesNothing() throws Exception {
        assertThat(install(jar("1.0.0"), false, true).version()).isEqualTo("1.0.0");
        assertThat(files()).isEmpty();
        install(jar("1.0.0"), false, false);
        install(jar("1.0.1"), true, false);
        assertThat(install(jar("1.0.2"), true, true).formerVersion()).isEqualTo("1.0.1");
        assertThat(changes.rollback("spread", true).version()).isEqualTo("1.0.0");
        assertThat(changes.remove("spread", true, false).formerVersion()).isEqualTo("1.0.1");
        refused("use 'osmia plugin install'", () -> install(
                PluginInstallerTest.jar("1.0.0", Map.of(Constants.BUNDLE_SYMBOLICNAME, "test.other")), true, true));
        assertThat(active()).containsExactly("1.0.1");
        assertThat(files()).containsExactly("test.spread.jar");
    }

    @Test
    void whatIsRefusedLeavesTheFolderAsItWas() throws Exception {
        install(jar("1.0.0"), false, false);
        byte[] before = Files.readAllBytes(own.resolve("test.spread.jar"));
        byte[] whole = jar("1.0.1");
        refused("not a whole jar", () -> install(Arrays.copyOf(whole, whole.length / 2), true, false));
        refused("of the plugin SPI", () -> install(
                PluginInstallerTest.jar("1.0.1", Map.of(Declared.SPI, "[2.0,3)")), true, false));
        refused("does not resolve", () -> install(
                PluginInstallerTest.jar("1.0.1", Map.of(Constants.IMPORT_PACKAGE, "nobody.has.this")), true, false));
        refused("AssertionError: broken", () -> install(
                PluginInstallerTest.withClass(Activators.Throwing.class, PluginInstallerTest.jar("1.0.1", Map.of(
                        Constants.BUNDLE_ACTIVATOR, Activators.Throwing.class.getName(),
                        Constants.IMPORT_PACKAGE, "org.osgi.framework"))),
                true, false));
        assertThat(Files.readAllBytes(own.resolve("test.spread.jar"))).isEqualTo(before);
        assertThat(files()).containsExactly("test.spread.jar");
        assertThat(active()).containsExactly("1.0.0");
        assertThat(plugins.table()).hasSize(1);
    }

    @Test
    void anExecutorWithWorkloadsIsRemovedOnlyByForce() throws Exception {
        install(PluginInstallerTest.jar("1.0.0", EXECUTOR), false, false);
        worker.workloads = 3;
        refused("looks after 3 workloads of this node", () -> changes.remove("spread", false, false));
        assertThat(install(PluginInstallerTest.jar("1.0.1", EXECUTOR), true, false).workloads()).isEqualTo(3);
        worker.refusals.add("it does not find the workload of task x");
        refused("it does not find the workload of task x",
                () -> install(PluginInstallerTest.jar("1.0.2", EXECUTOR), true, false));
        assertThat(active()).containsExactly("1.0.1");
        assertThat(changes.remove("spread", false, true).version()).isEmpty();
    }

    @Test
    void anExecutorIsNotRemovedOrRolledBackWhileTheShippedOneDoesNotTakeOver() throws Exception {
        Files.write(shipped.resolve("spread.jar"), PluginInstallerTest.jar("1.0.0", EXECUTOR));
        plugins.look();
        install(PluginInstallerTest.jar("1.0.1", EXECUTOR), true, false);
        for (ThrowingCallable back : List.<ThrowingCallable>of(
                () -> changes.remove("spread", false, false), () -> changes.rollback("spread", false))) {
            worker.refusals.add("the engine does not answer");
            refused("version 1.0.0, which would come back, is refused: the engine does not answer", back);
            assertThat(active()).containsExactly("1.0.1");
            assertThat(files()).containsExactly("test.spread.jar");
            assertThat(plugins.table()).extracting(PluginStatus::state).containsExactly(State.ACTIVE, State.OVERLAID);
        }
        assertThat(changes.remove("spread", false, false).version()).isEqualTo("1.0.0");
        assertThat(active()).containsExactly("1.0.0");
        assertThat(files()).isEmpty();
    }

    @Test
    void aPluginWhoseFileWentAwayUnderItIsRemovedWhenTheShippedOneTakesOver() throws Exception {
        Files.write(shipped.resolve("spread.jar"), PluginInstallerTest.jar("1.0.0", EXECUTOR));
        plugins.look();
        install(PluginInstallerTest.jar("1.0.1", EXECUTOR), true, false);
        worker.refusals.add("the engine does not answer");
        Files.delete(own.resolve("test.spread.jar"));
        plugins.look();
        assertThat(active()).containsExactly("1.0.1");

        worker.refusals.add("the engine does not answer");
        refused("the engine does not answer", () -> changes.remove("spread", false, false));
        assertThat(active()).containsExactly("1.0.1");
        assertThat(changes.remove("spread", false, false).version()).isEqualTo("1.0.0");
        assertThat(active()).containsExactly("1.0.0");
    }
}
