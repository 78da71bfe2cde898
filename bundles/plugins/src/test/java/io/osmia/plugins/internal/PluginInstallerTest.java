package io.osmia.plugins.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.plugins.internal.PluginStatus.State;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** In a real Felix, with jars that hold nothing but a manifest. */
class PluginInstallerTest {

    /** For plugins that start and stop. */
    static final Duration AMPLE = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    private Path shipped;
    private Path own;
    private Framework felix;
    private PluginInstaller plugins;
    private @Nullable ScriptedWorker worker;
    private Duration ending = AMPLE;

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
        plugins = installer();
    }

    private PluginInstaller installer() {
        return installer(AMPLE);
    }

    private PluginInstaller installer(Duration bound) {
        return new PluginInstaller(new PluginFolders(shipped, own),
                new Gate(kind -> Optional.of(Version.valueOf("1.2.0")), () -> Optional.ofNullable(worker),
                        jar -> Optional.empty()),
                new Installer(felix.getBundleContext(), bound, () -> Optional.ofNullable(worker)),
                new Memory(dir.resolve("own-plugins")),
                new Kept(own.resolve(".kept")));
    }

    @AfterEach
    void stop() throws Exception {
        felix.stop();
        felix.waitForStop(ending.toMillis());
    }

    /** From now on plugins have two seconds, and the framework, which has done everything once, will not end in time. */
    private void hurry() throws IOException {
        write(own.resolve("first.jar"), jar("0.1.0", Map.of(Constants.BUNDLE_SYMBOLICNAME, "test.first")));
        plugins.look();
        assertThat(running()).containsExactly("0.1.0");
        Files.delete(own.resolve("first.jar"));
        plugins.look();
        ending = Duration.ofSeconds(2);
        plugins = installer(ending);
    }

    @Test
    void aShippedPluginIsActive() throws Exception {
        write(shipped.resolve("spread.jar"), jar("1.0.0"));
        plugins.look();
        assertThat(active()).containsExactly("spread 1.0.0");
        assertThat(running()).containsExactly("1.0.0");
    }

    @Test
    void theNodesOwnJarStandsInFrontAndTheShippedOneComesBack() throws Exception {
        write(shipped.resolve("spread.jar"), jar("2.0.0"));
        write(own.resolve("spread.jar"), jar("1.5.0"));
        plugins.look();
        assertThat(running()).containsExactly("1.5.0");
        assertThat(states()).containsExactly("1.5.0 ACTIVE", "2.0.0 OVERLAID");

        Files.delete(own.resolve("spread.jar"));
        plugins.look();
        assertThat(running()).containsExactly("2.0.0");
        assertThat(states()).containsExactly("2.0.0 ACTIVE");
    }

    @Test
    void theNewestOfSeveralOwnJarsIsTaken() throws Exception {
        write(own.resolve("a.jar"), jar("1.0.0"));
        write(own.resolve("b.jar"), jar("1.0.1"));
        plugins.look();
        assertThat(running()).containsExactly("1.0.1");
    }

    @Test
    void anotherVersionTakesThePlaceOfTheFormer() throws Exception {
        for (String version : List.of("1.0.0", "1.0.1", "1.0.0")) {
            write(own.resolve("spread.jar"), jar(version));
            plugins.look();
            assertThat(running()).containsExactly(version);
        }
    }

    @Test
    void aTruncatedJarIsNamedAndRefusedAndTheFormerStays() throws Exception {
        byte[] whole = jar("1.0.1");
        write(shipped.resolve("spread.jar"), jar("0.9.0"));
        write(own.resolve("spread.jar"), jar("1.0.0"));
        plugins.look();

        write(own.resolve("spread.jar"), Arrays.copyOf(whole, whole.length / 2));
        plugins.look();
        assertThat(running()).containsExactly("1.0.0");
        assertThat(plugins.table())
                .anySatisfy(line -> {
                    assertThat(line.state()).isEqualTo(State.REFUSED);
                    assertThat(line.file()).isEqualTo(own.resolve("spread.jar"));
                    assertThat(line.message()).contains("not a whole jar");
                })
                .anySatisfy(line -> assertThat(line.version() + " " + line.state()).isEqualTo("1.0.0 ACTIVE"));

        write(own.resolve("spread.jar"), whole);
        plugins.look();
        assertThat(running()).containsExactly("1.0.1");
        assertThat(states()).doesNotContain(" REFUSED");
    }

    @Test
    void aJarThatDoesNotResolveIsRefusedAndTheFormerStays() throws Exception {
        write(own.resolve("spread.jar"), jar("1.0.0"));
        plugins.look();
        write(own.resolve("spread.jar"), jar("1.0.1", Map.of(Constants.IMPORT_PACKAGE, "nobody.has.this")));
        plugins.look();
        assertThat(running()).containsExactly("1.0.0");
        assertThat(plugins.table()).anySatisfy(line -> {
            assertThat(line.version()).isEqualTo("1.0.1");
            assertThat(line.state()).isEqualTo(State.REFUSED);
            assertThat(line.message()).contains("does not resolve").contains("nobody.has.this");
        });
    }

    @Test
    void aJarWithoutTheHeaderIsNoPlugin() throws Exception {
        write(own.resolve("library.jar"), jar("1.0.0", Map.of(JarReader.HEADER, "library;name=x")));
        plugins.look();
        assertThat(running()).isEmpty();
        assertThat(plugins.table().getFirst().message()).contains("Osmia-Plugin is 'library;name=x'");
    }

    @Test
    void hiddenFilesAreLeftAlone() throws Exception {
        write(own.resolve(".spread.jar"), jar("1.0.0"));
        plugins.look();
        assertThat(plugins.table()).isEmpty();
    }

    @Test
    void anInstalledBundleIsTakenUpAgainAfterARestart() throws Exception {
        write(own.resolve("spread.jar"), jar("1.0.0"));
        plugins.look();
        long id = bundles().findFirst().orElseThrow().getBundleId();
        installer().look();
        assertThat(bundles().map(Bundle::getBundleId)).containsExactly(id);
    }

    @Test
    void aPluginThatWasNotStartedIsStartedAtTheNextLook() throws Exception {
        write(own.resolve("spread.jar"), jar("1.0.0"));
        plugins.look();
        bundles().findFirst().orElseThrow().stop();
        assertThat(running()).isEmpty();
        plugins.look();
        assertThat(running()).containsExactly("1.0.0");
    }

    @Test
    void aJarThatIsDamagedWhileTheNodeIsDownLeavesItsFormerContentActive() throws Exception {
        write(shipped.resolve("spread.jar"), jar("0.9.0"));
        write(own.resolve("spread.jar"), jar("1.0.0"));
        plugins.look();

        write(own.resolve("spread.jar"), Arrays.copyOf(jar("1.0.1"), 100));
        plugins = installer();
        plugins.look();
        assertThat(running()).containsExactly("1.0.0");
        assertThat(states()).contains("1.0.0 ACTIVE", " REFUSED", "0.9.0 OVERLAID");

        Files.delete(own.resolve("spread.jar"));
        plugins.look();
        assertThat(running()).containsExactly("0.9.0");
    }

    @Test
    void aPluginThatNeverStartsIsRefusedAndTheOthersGoOn() throws Exception {
        hurry();
        for (String kind : List.of("executor;name=process", "strategy;name=spread")) {
            String activator = Activators.Blocking.class.getName();
            write(own.resolve("spread.jar"), jar("1.0.0", Map.of(JarReader.HEADER, kind)));
            plugins.look();
            write(own.resolve("spread.jar"), withClass(Activators.Blocking.class, jar("1.0.1", Map.of(
                    JarReader.HEADER, kind, Constants.BUNDLE_ACTIVATOR, activator,
                    Constants.IMPORT_PACKAGE, "org.osgi.framework"))));
            plugins.look();
            assertThat(running()).containsExactly("1.0.0");
            assertThat(plugins.table().toString()).contains("it did not start within 2 s");

            write(own.resolve("spread.jar"), jar("1.0.2", Map.of(JarReader.HEADER, kind)));
            plugins.look();
            assertThat(running()).containsExactly("1.0.2");
        }
    }

    @Test
    @Timeout(60)
    void aPluginThatNeverStopsIsLeftBehindAndTheOthersGoOn() throws Exception {
        hurry();
        for (String kind : List.of("executor;name=process", "strategy;name=spread")) {
            write(own.resolve("spread.jar"), withClass(Activators.NeverStopping.class, jar("1.0.0", Map.of(
                    JarReader.HEADER, kind, Constants.BUNDLE_ACTIVATOR, Activators.NeverStopping.class.getName(),
                    Constants.IMPORT_PACKAGE, "org.osgi.framework"))));
            plugins.look();
            assertThat(running()).containsExactly("1.0.0");
            for (String version : List.of("1.0.1", "1.0.2")) {
                write(own.resolve("spread.jar"), jar(version, Map.of(JarReader.HEADER, kind)));
                plugins.look();
                assertThat(running()).containsExactly(version);
            }
            Files.delete(own.resolve("spread.jar"));
            plugins.look();
            assertThat(running()).isEmpty();
        }
    }

    @Test
    void theShippedOneComesBackAfterARestartWhenTheNodesOwnIsRefused() throws Exception {
        write(shipped.resolve("spread.jar"), jar("1.0.0"));
        write(own.resolve("spread.jar"), jar("2.0.0", Map.of(Declared.SPI, "[2.0,3)")));
        plugins.look();
        assertThat(running()).containsExactly("1.0.0");

        plugins = installer();
        plugins.look();
        assertThat(running()).containsExactly("1.0.0");
        assertThat(states()).containsExactly("1.0.0 ACTIVE", "2.0.0 REFUSED");
    }

    @Test
    void theNodesOwnStaysWithoutItsFileWhileTheShippedOneDoesNotTakeOver() throws Exception {
        worker = new ScriptedWorker();
        Map<String, String> executor = Map.of(JarReader.HEADER, "executor;name=process");
        write(shipped.resolve("process.jar"), jar("1.0.0", executor));
        write(own.resolve("process.jar"), jar("1.0.1", executor));
        plugins.look();
        assertThat(running()).containsExactly("1.0.1");

        worker.refusals.add("the engine does not answer");
        Files.delete(own.resolve("process.jar"));
        plugins.look();
        write(own.resolve("other.jar"), jar("3.0.0", Map.of(Constants.BUNDLE_SYMBOLICNAME, "test.other")));
        plugins.look();
        assertThat(running()).containsExactlyInAnyOrder("1.0.1", "3.0.0");
        assertThat(plugins.table().toString()).contains("the engine does not answer");

        plugins = installer();
        plugins.look();
        assertThat(running()).containsExactlyInAnyOrder("1.0.0", "3.0.0");
    }

    @Test
    void aJarOverwrittenByOneOfAnotherNameIsGone() throws Exception {
        write(own.resolve("x.jar"), jar("1.0.0"));
        plugins.look();
        write(own.resolve("x.jar"), jar("2.0.0", Map.of(Constants.BUNDLE_SYMBOLICNAME, "test.other")));
        plugins.look();
        assertThat(running()).containsExactly("2.0.0");
        assertThat(states()).containsExactly("2.0.0 ACTIVE");
    }

    @Test
    void whatAPluginDeclaresIsKnownAfterARestart() throws Exception {
        write(own.resolve("process.jar"), jar("1.0.0", Map.of(JarReader.HEADER, "executor;name=process")));
        plugins.look();
        plugins = installer();
        plugins.look();
        Declared declared = plugins.active("test.spread").orElseThrow().declared();
        assertThat(declared.executor()).isEqualTo("process");
        assertThat(declared.handleVersions()).containsExactly(1);
    }

    @Test
    void aPluginThatThrowsWhenItStartsIsRefusedAndTheFormerOneRunsAgain() throws Exception {
        write(own.resolve("spread.jar"), jar("1.0.0", Map.of(JarReader.HEADER, "executor;name=process")));
        plugins.look();
        write(own.resolve("spread.jar"), withClass(Activators.Throwing.class, jar("1.0.1", Map.of(
                JarReader.HEADER, "executor;name=process", Constants.BUNDLE_ACTIVATOR,
                Activators.Throwing.class.getName(), Constants.IMPORT_PACKAGE, "org.osgi.framework"))));
        plugins.look();
        assertThat(running()).containsExactly("1.0.0");
        assertThat(plugins.table().toString()).contains("it does not start").contains("AssertionError: broken")
                .contains("REFUSED");
    }

    @Test
    void aFileThatCannotBeLookedAtDoesNotHideTheOthers() throws Exception {
        Files.createSymbolicLink(own.resolve("a.jar"), own.resolve("a.jar"));
        write(own.resolve("spread.jar"), jar("1.0.0"));
        plugins.look();
        assertThat(running()).containsExactly("1.0.0");
        assertThat(states()).contains("1.0.0 ACTIVE", " REFUSED");
    }

    @Test
    void aJarThatDoesNotFitIsRefusedBeforeAnythingIsTouched() throws Exception {
        worker = new ScriptedWorker();
        worker.objection = "it recovers handles of version 1, and task x has one of version 2";
        Map<String, String> executor = Map.of(JarReader.HEADER, "executor;name=process");
        write(shipped.resolve("process.jar"), jar("1.0.0", Map.of()));
        plugins.look();
        for (Map<String, String> headers : List.of(
                Map.of(Declared.SPI, "[2.0,3)"), Map.of(Declared.SPI, "nothing"), executor,
                Map.of(JarReader.HEADER, "executor;name=process", Declared.HANDLE_VERSIONS, "1;2"),
                Map.of(JarReader.HEADER, "executor;name=process", Declared.EXECUTOR, "../x"))) {
            write(own.resolve("process.jar"), jar("1.0.1", headers));
            plugins.look();
            assertThat(running()).containsExactly("1.0.0");
        }
        assertThat(worker.events).isEmpty();
        write(own.resolve("process.jar"), jar("1.0.1", Map.of(Declared.SPI, "[2.0,3)")));
        plugins.look();
        assertThat(plugins.table().toString()).contains("written for version [2.0.0,3.0.0) of the plugin SPI, and this"
                + " node has 1.2.0");
        write(own.resolve("process.jar"), jar("1.0.1", executor));
        plugins.look();
        assertThat(plugins.table().toString()).contains("task x has one of version 2");
    }

    @Test
    void anExecutorIsHandedOverByTheWorker() throws Exception {
        worker = new ScriptedWorker();
        Map<String, String> executor = Map.of(JarReader.HEADER, "executor;name=process");
        write(own.resolve("process.jar"), jar("1.0.0", executor));
        plugins.look();
        write(own.resolve("process.jar"), jar("1.0.1", executor));
        plugins.look();
        assertThat(running()).containsExactly("1.0.1");
        assertThat(worker.events).containsExactly(
                "begin process [] -> A", "take over A", "close", "begin process [A] -> B", "take over B", "close");
    }

    @Test
    void anExecutorThatDoesNotTakeOverIsRefusedAndTheFormerOneTakesOverAgain() throws Exception {
        worker = new ScriptedWorker();
        Map<String, String> executor = Map.of(JarReader.HEADER, "executor;name=process");
        write(own.resolve("process.jar"), jar("1.0.0", executor));
        plugins.look();
        worker.refusals.add("it does not find the workload of task x");
        write(own.resolve("process.jar"), jar("1.0.1", executor));
        plugins.look();
        assertThat(running()).containsExactly("1.0.0");
        assertThat(plugins.table().toString()).contains("REFUSED").contains("it does not find the workload of task x");
        assertThat(worker.events).endsWith("begin process [A] -> B", "take over B", "take over A", "close");
    }

    static byte[] withClass(Class<?> type, byte[] jar) throws IOException {
        String name = type.getName().replace('.', '/') + ".class";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar));
                JarOutputStream out = new JarOutputStream(bytes, in.getManifest());
                InputStream code = PluginInstallerTest.class.getResourceAsStream("/" + name)) {
            out.putNextEntry(new JarEntry(name));
            out.write(code.readAllBytes());
        }
        return bytes.toByteArray();
    }

    private List<String> active() {
        return plugins.table().stream()
                .filter(line -> line.state() == State.ACTIVE)
                .map(line -> line.name() + " " + line.version())
                .toList();
    }

    private List<String> states() {
        return plugins.table().stream().map(line -> line.version() + " " + line.state()).toList();
    }

    /** Versions of the plugin bundles that the framework really runs. */
    private List<String> running() {
        return bundles()
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .map(bundle -> bundle.getVersion().toString())
                .toList();
    }

    private Stream<Bundle> bundles() {
        return Arrays.stream(felix.getBundleContext().getBundles())
                .filter(bundle -> bundle.getLocation().startsWith(PluginJar.PREFIX));
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
    }

    static byte[] jar(String version) throws IOException {
        return jar(version, Map.of());
    }

    static byte[] jar(String version, Map<String, String> more) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        attributes.putValue(Constants.BUNDLE_SYMBOLICNAME, "test.spread");
        attributes.putValue(Constants.BUNDLE_VERSION, version);
        attributes.putValue(JarReader.HEADER, "strategy;name=spread");
        attributes.putValue(Declared.SPI, "[1.0,2)");
        attributes.putValue(Declared.EXECUTOR, "process");
        attributes.putValue(Declared.HANDLE_VERSIONS, "1");
        more.forEach(attributes::putValue);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
            out.putNextEntry(new JarEntry("content.txt"));
            out.write(("content of version " + version + "\n").repeat(100)
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            out.closeEntry();
        }
        return bytes.toByteArray();
    }
}
