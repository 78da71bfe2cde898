package io.osmia.node.internal;

import io.osmia.agent.Workloads;
import io.osmia.ca.NodeCertificates;
import io.osmia.roles.Clock;
import io.osmia.roles.Ids;
import io.osmia.roles.Remotes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's state machine. One thread opens the state directory and registers the roles as services; components come and go
 * with them. An old leadership is gone before the next one comes.
 */
@Component(immediate = true, service = NodeLife.class)
public final class NodeLife {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLife.class);

    /** Leaves the store some time to close within the bound of the whole. */
    private static final Duration TASKS_BOUND = Duration.ofSeconds(6);

    private static final Duration STOP_BOUND = Duration.ofSeconds(10);

    private final BundleContext context;
    private final Settings settings;
    private final Clock clock;
    private final NodeStart start;
    private final Leaving leaving;
    private final Thread thread;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    /** Until the loop runs, which hears events; before that, joining may take long. */
    private volatile boolean opening = true;

    private volatile boolean stopping;

    @Activate
    public NodeLife(BundleContext context, @Reference Settings settings, @Reference Clock clock, @Reference Ids ids) {
        this.context = context;
        this.settings = settings;
        this.clock = clock;
        this.start = new NodeStart(settings, clock, ids);
        this.leaving = new Leaving(settings.stateDir());
        this.thread = Thread.ofPlatform().name("node").start(this::run);
    }

    @Deactivate
    void stop() throws InterruptedException {
        workloads().ifPresent(this::leaveOrStop);
        stopping = true;
        events.add(new Event.Stop());
        if (opening) {
            thread.interrupt();
        }
        if (!thread.join(STOP_BOUND)) {
            LOG.warn("node: still stopping after {} s, left behind", STOP_BOUND.toSeconds());
        }
    }

    private Optional<Workloads> workloads() {
        return Optional.ofNullable(context.getServiceReference(Workloads.class)).map(context::getService);
    }

    private void leaveOrStop(Workloads workloads) {
        int running = workloads.running();
        if (leaving.wanted()) {
            leaveForGood(workloads);
        } else if (!settings.stopTasksOnExit()) {
            LOG.info("node: stops and leaves {} tasks running; the next start takes them over", running);
        } else if (workloads.stopAll(TASKS_BOUND)) {
            LOG.info("node: stops, its {} tasks have ended", running);
        } else {
            LOG.warn("node: stops, and {} tasks still run", workloads.running());
        }
    }

    private static void leaveForGood(Workloads workloads) {
        if (workloads.leave(TASKS_BOUND)) {
            LOG.info("node: leaves the cluster, its tasks are gone");
        } else {
            LOG.warn("node: leaves the cluster, and {} tasks still run", workloads.running());
        }
    }

    private void run() {
        try {
            settings.requireSound();
            Remotes remotes = start.remotes();
            NodeCertificates certificates = start.certificates(remotes);
            opening = false;
            try (NodeLoop loop = new NodeLoop(context, settings, start, clock, events, certificates, remotes)) {
                loop.run();
            }
            leaving.finish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // Top of the thread: a node that cannot open its state must not look as if it ran.
            if (!stopping) {
                NodeEnd.because(e, context);
            }
        }
    }
}
