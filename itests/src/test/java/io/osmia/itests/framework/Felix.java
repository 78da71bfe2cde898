package io.osmia.itests.framework;

import io.osmia.itests.harness.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.ExamSystem;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.nat.internal.NativeTestContainer;
import org.ops4j.pax.exam.spi.DefaultExamSystem;
import org.ops4j.pax.exam.spi.PaxExamRuntime;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/** A Felix in this Java process, as Pax Exam starts it, with bundles of the assembled distribution. */
final class Felix implements AutoCloseable {

    /** Kept: the level would be forgotten with the logger. What the bundles log is told apart by nobody here. */
    private static final Logger LOG = Logger.getLogger("");

    static {
        LOG.setLevel(Level.WARNING);
    }

    /** Bundles see the JDK and these packages of ours: a failed assertion is the same class on both sides. */
    private static final String[] SHARED = {
        "org.junit.*", "org.opentest4j.*", "org.assertj.*", "org.awaitility.*", "org.hamcrest.*", "org.jspecify.*",
        "org.apiguardian.*"};

    /** Never started: see the launcher. */
    private static final String ONLY_CLASSES = "org.apache.felix.gogo.runtime";

    private final ExamSystem system;
    private final NativeTestContainer container;

    private Felix(ExamSystem system) {
        this.system = system;
        this.container = (NativeTestContainer) PaxExamRuntime.createContainer(system);
    }

    /**
     * Starts a framework without bundles.
     *
     * @param dir the state directory of a node, and where the framework keeps its own files
     */
    static Felix start(Path dir) throws IOException {
        Map<String, String> properties = new HashMap<>();
        properties.put("osmia.home", Distribution.HOME.toString());
        properties.put("osmia.state.dir", dir.toString());
        properties.put("osmia.plugins.shipped", Distribution.HOME.resolve("plugins").toString());
        properties.put("osmia.listen.remote", "127.0.0.1:0");
        properties.put("osmia.process.enabled", "true");
        properties.put("org.osgi.framework.bsnversion", "multiple");
        properties.put("org.osgi.framework.bundle.parent", "app");
        properties.put("felix.log.level", "1");
        properties.put("ds.loglevel", "warn");
        List<Option> options = new ArrayList<>(List.of(
                CoreOptions.workingDirectory(dir.resolve("felix-cache").toString()),
                CoreOptions.systemPackage("sun.misc"),
                CoreOptions.bootDelegationPackages(SHARED)));
        properties.forEach((key, value) -> options.add(CoreOptions.frameworkProperty(key).value(value)));
        Felix felix = new Felix(DefaultExamSystem.create(options.toArray(Option[]::new)));
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        // As the launcher does: bundles must not find ours through it.
        Thread.currentThread().setContextClassLoader(null);
        try {
            felix.container.start();
        } finally {
            Thread.currentThread().setContextClassLoader(own);
        }
        return felix;
    }

    ExamSystem system() {
        return system;
    }

    BundleContext context() {
        return container.getSystemBundle().getBundleContext();
    }

    /** Everything that is not a plugin. */
    List<Bundle> installCore() throws IOException, BundleException {
        try (Stream<Path> jars = Files.list(Distribution.HOME.resolve("system"))) {
            return install(jars.sorted().map(jar -> jar.getFileName().toString()).toArray(String[]::new));
        }
    }

    /** @param names of jars of the distribution's folder system */
    List<Bundle> install(String... names) throws BundleException {
        List<Bundle> bundles = new ArrayList<>();
        for (String name : names) {
            bundles.add(context().installBundle(
                    "reference:" + Distribution.HOME.resolve("system").resolve(name).toUri()));
        }
        return bundles;
    }

    /** All that are started by whoever launches a node. */
    List<Bundle> bundles() {
        return Arrays.stream(context().getBundles())
                .filter(bundle -> bundle.getBundleId() != 0
                        && bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null
                        && !ONLY_CLASSES.equals(bundle.getSymbolicName()))
                .toList();
    }

    @Override
    public void close() {
        container.stop();
    }
}
