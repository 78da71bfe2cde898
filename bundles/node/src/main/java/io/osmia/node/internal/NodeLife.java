package io.osmia.node.internal;

import io.osmia.agent.Workloads;
import io.osmia.ca.NodeCertificates;
import io.osmia.raft.RaftNode;
import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
import io.osmia.roles.Endpoints;
import io.osmia.roles.Ids;
import io.osmia.roles.Leadership;
import io.osmia.roles.ManagerRole;
import io.osmia.roles.Membership;
import io.osmia.roles.Readiness;
import io.osmia.roles.RootKeyMaterial;
import io.osmia.roles.StartFailure;
import io.osmia.roles.WorkerRole;
import io.osmia.store.Store;
import io.osmia.store.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
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
    private final Thread thread;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    private sealed interface Event {}

    private record Led(OptionalLong term) implements Event {}

    private record Failed(String why) implements Event {}

    private record Stop() implements Event {}

    @Activate
    public NodeLife(BundleContext context, @Reference Settings settings, @Reference Clock clock, @Reference Ids ids) {
        this.context = context;
        this.settings = settings;
        this.clock = clock;
        this.start = new NodeStart(settings.stateDir(), clock, ids);
        this.thread = Thread.ofPlatform().name("node").start(this::run);
    }

    @Deactivate
    void stop() throws InterruptedException {
        workloads().ifPresent(this::leaveOrStop);
        events.add(new Stop());
        if (!thread.join(STOP_BOUND)) {
            LOG.warn("node: still stopping after {} s, left behind", STOP_BOUND.toSeconds());
        }
    }

    private Optional<Workloads> workloads() {
        return Optional.ofNullable(context.getServiceReference(Workloads.class)).map(context::getService);
    }

    private void leaveOrStop(Workloads workloads) {
        int running = workloads.running();
        if (!settings.stopTasksOnExit()) {
            LOG.info("node: stops and leaves {} tasks running; the next start takes them over", running);
        } else if (workloads.stopAll(TASKS_BOUND)) {
            LOG.info("node: stops, its {} tasks have ended", running);
        } else {
            LOG.warn("node: stops, and {} tasks still run", workloads.running());
        }
    }

    private void run() {
        try (RoleServices roles = new RoleServices(context)) {
            settings.requireSound();
            NodeCertificates certificates = start.certificates();
            try (RaftNode raft = start.raft(certificates, advertised())) {
                track(roles, raft, certificates);
                hold(roles, certificates, raft);
                follow(raft, certificates);
                roles.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // Top of the thread: a node that cannot open its state must not look as if it ran.
            NodeEnd.because(e, context);
        }
    }

    /**
     * The other members learn the address that the listener was bound to, which may not be the one asked for. A listener that
     * cannot be bound ends the node: it would run and nobody could reach it.
     */
    private void track(RoleServices roles, RaftNode raft, NodeCertificates certificates) {
        roles.follow(Endpoints.class, endpoints -> {
            raft.advertise(endpoints.remoteAddress());
            LOG.info("node {} of cluster {} is up", certificates.nodeId(), certificates.clusterId());
        });
        roles.follow(StartFailure.class, failure -> events.add(new Failed(failure.message())));
    }

    private static void hold(RoleServices roles, NodeCertificates certificates, RaftNode raft) {
        Role role = new Role(certificates.nodeId(), certificates.clusterId());
        roles.hold(Credentials.class, certificates);
        roles.hold(RootKeyMaterial.class, certificates.rootKeyMaterial());
        roles.hold(Membership.class, raft);
        roles.hold(Readiness.class, raft);
        roles.hold(Store.class, raft);
        roles.hold(ManagerRole.class, role);
        roles.hold(WorkerRole.class, role);
    }

    private record Role(String nodeId, String clusterId) implements ManagerRole, WorkerRole {}

    private record Lead(long term) implements Leadership {}

    private void follow(RaftNode raft, NodeCertificates certificates) throws InterruptedException {
        raft.onLeadership(term -> events.add(new Led(term)));
        try (RoleServices leadership = new RoleServices(context)) {
            while (true) {
                switch (events.take()) {
                    case Stop() -> {
                        return;
                    }
                    case Failed(var why) -> {
                        NodeEnd.because(new IllegalStateException(why), context);
                        return;
                    }
                    case Led(var term) -> {
                        leadership.close();
                        if (term.isPresent()) {
                            LOG.info("node: leads the cluster in term {}", term.getAsLong());
                            found(raft, certificates);
                            remember(raft);
                            leadership.hold(Leadership.class, new Lead(term.getAsLong()));
                        }
                    }
                }
            }
        }
    }

    /**
     * The root's key lives in the cluster object alone. An earlier start that ended before that object was committed has
     * taken the key with it; nobody has seen that root, so another one takes its place.
     */
    private void found(RaftNode raft, NodeCertificates certificates) {
        boolean keyless = certificates.rootKeyMaterial().keyPem().length == 0;
        if (keyless && raft.view().count(Table.CLUSTERS) == 0) {
            LOG.info("node: the cluster was never founded, its root is made anew");
            certificates.foundAnew(clock);
        }
    }

    private void remember(RaftNode raft) {
        try {
            KnownManagers.write(settings.stateDir(), raft.members());
        } catch (IOException e) {
            LOG.warn("node: cannot write {}: {}", KnownManagers.file(settings.stateDir()), e.getMessage());
        }
    }

    private String advertised() {
        String address = settings.advertiseRemoteApi();
        return address.isEmpty() ? settings.listenRemoteApi() : address;
    }
}
