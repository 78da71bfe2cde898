package io.osmia.plugins.internal;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.osmia.roles.ExecutorExchange;
import io.osmia.roles.NodeSettings;
import io.osmia.roles.PluginPolicy;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the plugin folders from one thread, and answers what is installed. A node's own folder is
 * {@code <state>/plugins}; it stands in front of the distribution's.
 */
@Component(service = BindableService.class, immediate = true)
public final class PluginWatch implements BindableService {

    private static final Logger LOG = LoggerFactory.getLogger(PluginWatch.class);

    /** A look without being told: a file system that reports nothing must not mean that nothing happens. */
    private static final Duration ANYWAY = Duration.ofSeconds(2);

    /** Certificates of those who may sign plugins, under the state directory and under the distribution. */
    private static final String TRUST = "conf/plugin-trust";

    /** A plugin that takes longer to start or stop is left behind. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** This node's own copy of the shipped plugins, and where they came from. */
    private final Path shipped;

    private final Path distribution;
    private final PluginInstaller plugins;
    private final PluginService service;
    private final PluginOrders orders;
    private final AtomicReference<@Nullable ExecutorExchange> worker = new AtomicReference<>();
    private final AtomicReference<@Nullable PluginPolicy> cluster = new AtomicReference<>();
    private final WatchService watch;
    private final BundleContext context;
    private final FrameworkListener listener = this::onFrameworkEvent;

    /** Until then the framework starts what its cache holds, and does not want to be disturbed. */
    private final CountDownLatch frameworkStarted = new CountDownLatch(1);

    private final Thread thread;
    private volatile boolean closed;

    @Activate
    public PluginWatch(
            BundleContext context, @Reference NodeSettings settings, @Reference PluginOrders orders)
            throws IOException {
        this.shipped = Path.of(property(context, "osmia.plugins.shipped"));
        this.distribution = Path.of(property(context, "osmia.home"), "plugins");
        Path own = Files.createDirectories(settings.stateDir().resolve("plugins"));
        SignaturePolicy policy = new SignaturePolicy(
                settings.pluginsSigned(), () -> Optional.ofNullable(cluster.get()),
                SignaturePolicy.memory(settings.stateDir()));
        Trust trust = new Trust(List.of(
                settings.stateDir().resolve(TRUST), Path.of(property(context, "osmia.home")).resolve(TRUST)));
        this.plugins = new PluginInstaller(
                new PluginFolders(shipped, own),
                new Gate(new Spi(context)::version, this::worker,
                        jar -> policy.signed() ? trust.objection(jar) : Optional.empty()),
                new Installer(context, PATIENCE, this::worker),
                new Memory(context.getDataFile("own-plugins").toPath()),
                new Kept(own.resolve(".kept")));
        Changes changes = new Changes(plugins, own, this::worker);
        changes.forgetHalves();
        this.service = new PluginService(plugins, changes, this::worker, this::origin);
        this.orders = orders;
        this.watch = own.getFileSystem().newWatchService();
        own.register(
                watch,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
        this.context = context;
        context.addFrameworkListener(listener);
        if (context.getBundle(0).getState() == Bundle.ACTIVE) {
            frameworkStarted.countDown();
        }
        this.thread = Thread.ofPlatform().name("plugins").daemon(true).start(this::run);
        orders.serve(service, policy::heard);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY, unbind = "workerGone")
    void workerHere(ExecutorExchange here) {
        worker.set(here);
    }

    void workerGone(ExecutorExchange gone) {
        worker.compareAndSet(gone, null);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY, unbind = "policyGone")
    void policyHere(PluginPolicy here) {
        cluster.set(here);
    }

    void policyGone(PluginPolicy gone) {
        cluster.compareAndSet(gone, null);
    }

    private Optional<ExecutorExchange> worker() {
        return Optional.ofNullable(worker.get());
    }

    private void onFrameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.STARTED) {
            frameworkStarted.countDown();
        }
    }

    private static String property(BundleContext context, String name) {
        @Nullable String value = context.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("framework property " + name + " is not set");
        }
        return value;
    }

    /** The path that people know. */
    private Path origin(Path file) {
        return file.startsWith(shipped) ? distribution.resolve(file.getFileName()) : file;
    }

    @Deactivate
    void close() throws IOException, InterruptedException {
        closed = true;
        orders.serveNoMore();
        context.removeFrameworkListener(listener);
        watch.close();
        frameworkStarted.countDown();
        thread.join(Duration.ofSeconds(5));
    }

    private void run() {
        try {
            frameworkStarted.await();
            while (!closed) {
                try {
                    plugins.look();
                } catch (Throwable e) {
                    // Top of the loop, and code of plugins below it: the folders are looked at again at the next turn.
                    LOG.error("plugins: cannot look at the plugin folders", e);
                }
                @Nullable WatchKey key = watch.poll(ANYWAY.toMillis(), TimeUnit.MILLISECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
            }
        } catch (ClosedWatchServiceException e) {
            LOG.debug("plugins: watch closed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public ServerServiceDefinition bindService() {
        return service.bindService();
    }
}
