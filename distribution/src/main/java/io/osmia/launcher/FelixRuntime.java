package io.osmia.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * The Felix framework with the bundles of the distribution. The bundles are copied into the node's own cache, so that a new
 * build of the distribution does not pull classes from under a running node.
 */
final class FelixRuntime {

    /** System property by which a bundle that stops the framework says with which exit code. */
    static final String EXIT_CODE = "osmia.exit.code";

    private static final String LOCATION = "system:";

    /** Its activator would put itself before the standard streams of the whole node; the shell uses its classes alone. */
    private static final String ONLY_CLASSES = "org.apache.felix.gogo.runtime";

    /** From the signal until this Java has ended, its own time for starting and ending excepted. */
    private static final Duration STOP = Duration.ofMillis(9_500);

    private final Path home;
    private final Path cache;
    private final Map<String, String> properties;

    FelixRuntime(Path home, Path stateDir, Map<String, String> flags) {
        this.home = home;
        this.cache = stateDir.resolve("felix-cache");
        this.properties = new HashMap<>(flags);
        properties.put("osmia.home", home.toString());
        properties.put(NodeFlag.STATE_DIR.key(), stateDir.toString());
    }

    /** Runs until the framework is stopped, by a signal or from inside. */
    int run() throws IOException {
        Map<String, Path> jars = jars("system");
        Map<String, Path> plugins = jars("plugins");
        BundleCache state = new BundleCache(cache, fingerprint(jars) + fingerprint(plugins));
        try {
            Framework framework = init(jars, plugins, state);
            Thread hook = Thread.ofPlatform().name("osmia-stop").unstarted(() -> stop(framework));
            if (!added(hook)) {
                return 0; // a signal came first
            }
            // JLine and others look for their providers through the context class loader; bundles must not see ours.
            Thread.currentThread().setContextClassLoader(null);
            framework.start();
            framework.waitForStop(0);
        } catch (BundleException e) {
            System.err.println("osmia node: cannot start: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Integer.getInteger(EXIT_CODE, 0);
    }

    private static boolean added(Thread hook) {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            return true;
        } catch (IllegalStateException e) {
            return false; // this Java is ending already
        }
    }

    /** A framework that holds the bundles of the distribution. What is cached of them is made anew when it is damaged. */
    private Framework init(Map<String, Path> jars, Map<String, Path> plugins, BundleCache state)
            throws BundleException, IOException, InterruptedException {
        if (state.isWhole()) {
            Framework framework = framework(false);
            try {
                framework.init();
                if (holds(framework.getBundleContext(), jars)) {
                    return framework;
                }
                framework.stop();
                framework.waitForStop(STOP.toMillis());
            } catch (BundleException e) {
                System.err.println("osmia node: " + cache + " is damaged and made anew: " + e.getMessage());
            }
        }
        Framework framework = framework(true);
        framework.init();
        // Everything this node runs from is its own from now on; the distribution may be built anew meanwhile.
        copy(plugins, shippedPlugins());
        startBundles(framework.getBundleContext(), jars);
        state.seal();
        return framework;
    }

    private static boolean holds(BundleContext context, Map<String, Path> jars) {
        return jars.keySet().stream().allMatch(jar -> context.getBundle(LOCATION + jar) != null);
    }

    private Framework framework(boolean clean) {
        Map<String, String> config = new HashMap<>(properties);
        config.put(Constants.FRAMEWORK_STORAGE, cache.toString());
        if (clean) {
            config.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        }
        config.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "sun.misc");
        config.put("osmia.plugins.shipped", shippedPlugins().toString());
        // Two jars of one version may differ; the plugin installer tells them apart by their content.
        config.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        config.put("felix.log.level", "1");
        config.put("ds.loglevel", "warn");
        return ServiceLoader.load(FrameworkFactory.class).iterator().next().newFramework(config);
    }

    private Map<String, Path> jars(String folder) throws IOException {
        Map<String, Path> jars = new TreeMap<>();
        try (Stream<Path> files = Files.list(home.resolve(folder))) {
            files.filter(f -> f.toString().endsWith(".jar")).forEach(f -> jars.put(f.getFileName().toString(), f));
        }
        return jars;
    }

    /** Changes when any bundle of the distribution does. */
    private static String fingerprint(Map<String, Path> jars) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path jar : jars.values()) {
            text.append(jar).append(' ').append(Files.size(jar)).append(' ')
                    .append(Files.getLastModifiedTime(jar).toMillis()).append('\n');
        }
        return text.toString();
    }

    private Path shippedPlugins() {
        return cache.resolve("shipped-plugins");
    }

    private static void copy(Map<String, Path> jars, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, Path> jar : jars.entrySet()) {
            Files.copy(jar.getValue(), folder.resolve(jar.getKey()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Installs them and marks them as started, which the cache keeps for the next start. */
    private static void startBundles(BundleContext context, Map<String, Path> jars)
            throws BundleException, IOException {
        List<Bundle> bundles = new ArrayList<>();
        for (Map.Entry<String, Path> jar : jars.entrySet()) {
            try (InputStream in = Files.newInputStream(jar.getValue())) {
                bundles.add(context.installBundle(LOCATION + jar.getKey(), in));
            }
        }
        for (Bundle bundle : bundles) {
            if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null
                    && !ONLY_CLASSES.equals(bundle.getSymbolicName())) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
        }
    }

    /**
     * The node bundle goes first: it takes the roles away, and every component that needs one ends in order. Whatever hangs
     * is left behind in the end: this must bear a {@code kill -9} anyway.
     */
    private static void stop(Framework framework) {
        Instant end = Instant.now().plus(STOP);
        try {
            Thread node = Thread.ofPlatform().daemon(true).name("osmia-stop-node").start(() -> stopNode(framework));
            node.join(STOP);
            framework.stop();
            Duration left = Duration.between(Instant.now(), end);
            framework.waitForStop(Math.max(1, left.toMillis()));
            // The main thread now ends this Java with the exit code.
            Thread.currentThread().join(Math.max(1, Duration.between(Instant.now(), end).toMillis()));
        } catch (BundleException e) {
            System.err.println("osmia node: stop: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stopNode(Framework framework) {
        try {
            for (Bundle bundle : framework.getBundleContext().getBundles()) {
                if ("io.osmia.node".equals(bundle.getSymbolicName())) {
                    bundle.stop(Bundle.STOP_TRANSIENT);
                }
            }
        } catch (BundleException e) {
            System.err.println("osmia node: stop: " + e.getMessage());
        }
    }
}
