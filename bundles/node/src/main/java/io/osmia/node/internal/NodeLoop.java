package io.osmia.node.internal;

import io.osmia.ca.CaException;
import io.osmia.ca.CertificateRenewal;
import io.osmia.ca.KeyFile;
import io.osmia.ca.NodeCertificates;
import io.osmia.raft.RaftNode;
import io.osmia.raft.RaftState;
import io.osmia.roles.Channels;
import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
import io.osmia.roles.FormerManager;
import io.osmia.roles.LogKeys;
import io.osmia.roles.Remotes;
import io.osmia.roles.SessionNews;
import io.osmia.roles.StartFailure;
import io.osmia.roles.WorkerRole;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.IssuanceStatus;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.SessionMessage;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does between start and stop: is a worker all the time, and a manager as long as its certificate says so (rule
 * 7.14). One thread.
 */
final class NodeLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLoop.class);

    /** How long a removed manager waits for a worker's certificate, twice (rule 7.14.2). */
    private static final Duration DEMOTION = Duration.ofSeconds(16);

    private record Role(String nodeId, String clusterId) implements WorkerRole {}

    private final BundleContext context;
    private final Settings settings;
    private final NodeStart start;
    private final Clock clock;
    private final BlockingQueue<Event> events;
    private final NodeCertificates certificates;
    private final Remotes remotes;
    private final CertificateRenewal renewal;
    private final RoleServices roles;

    /** Of this manager; asked at handshakes of the raft port. */
    private volatile @Nullable RaftNode store;

    private int lives;
    private @Nullable ManagerLife manager;

    /** Written by the node's thread, read by that of the renewal. */
    private volatile Wish asked = Wish.NONE;

    private boolean rotating;

    /** Set while this node waits to become a worker because raft has removed it: the end of the wait, {@link System#nanoTime}. */
    private @Nullable Long demotionEnds;

    private boolean renewalForced;

    NodeLoop(
            BundleContext context,
            Settings settings,
            NodeStart start,
            Clock clock,
            BlockingQueue<Event> events,
            NodeCertificates certificates,
            Remotes remotes) {
        this.context = context;
        this.settings = settings;
        this.start = start;
        this.clock = clock;
        this.events = events;
        this.certificates = certificates;
        this.remotes = remotes;
        this.roles = new RoleServices(context);
        this.renewal = new CertificateRenewal(certificates, remotes, clock, this::controlSocket);
    }

    /**
     * The way to this manager's own CA; none on a worker, and none on a manager that is to become one: its socket goes while
     * it asks. Asked on the thread of the renewal.
     */
    private Optional<Path> controlSocket() {
        return certificates.role().equals(Credentials.MANAGER_NAME) && asked.role() != NodeRole.WORKER
                ? Optional.of(settings.listenControlApi())
                : Optional.empty();
    }

    /** Runs until told to stop. */
    void run() throws InterruptedException {
        certificates.onChange(() -> events.add(new Event.Certified()));
        roles.hold(Credentials.class, certificates);
        roles.hold(Channels.class, certificates.channels());
        roles.hold(LogKeys.class, certificates.logKeys());
        roles.hold(KeyFile.class, certificates);
        roles.hold(Remotes.class, remotes);
        roles.follow(StartFailure.class, failure -> events.add(new Event.Failed(failure.message())));
        roles.hold(SessionNews.class, message -> events.add(new Event.Told(message)));
        if (certificates.expired()) {
            LOG.warn("node: its certificate has ended; until it is renewed no other node talks to this one");
        }
        // Workloads that were left running need no manager to be taken over.
        roles.hold(WorkerRole.class, new Role(certificates.nodeId(), certificates.clusterId()));
        certified();
        renewal.start();
        LOG.info("node {} of cluster {} is up as {}", certificates.nodeId(), certificates.clusterId(),
                certificates.role());
        while (true) {
            Event event = next();
            switch (event) {
                case null -> waitedLongEnough();
                case Event.Stop() -> {
                    return;
                }
                case Event.Failed(var why) -> {
                    NodeEnd.because(new IllegalStateException(why), context);
                    return;
                }
                case Event.Led(var life, var term) when isCurrent(life) -> current().led(term, this::found);
                case Event.Bound(var life, var address) when isCurrent(life) -> current().bound(address);
                case Event.Removed(var life) when isCurrent(life) -> removed();
                case Event.Certified() -> certified();
                case Event.Told(var message) -> told(message);
                default -> LOG.debug("node: {} is of a former life as a manager", event);
            }
        }
    }

    private @Nullable Event next() throws InterruptedException {
        Long ends = demotionEnds;
        return ends == null ? events.take() : events.poll(ends - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private boolean isCurrent(int life) {
        return manager != null && manager.is(life);
    }

    private ManagerLife current() {
        ManagerLife life = manager;
        if (life == null) {
            throw new IllegalStateException("not a manager");
        }
        return life;
    }

    /** The certificate says what this node is. */
    private void certified() {
        boolean mayManage = certificates.role().equals(Credentials.MANAGER_NAME);
        if (!mayManage) {
            demotionEnds = null;
            if (manager != null) {
                LOG.info("node: is no manager any more, and goes on as a worker");
                endManager(true);
            } else {
                start.wipeRaft();
            }
        } else if (manager == null && demotionEnds == null) {
            beginManager();
        }
    }

    private void beginManager() {
        RaftNode raft = start.raft(certificates, remotes, this::exclusion);
        store = raft;
        long raftId = RaftState.raftId(settings.stateDir()).orElseThrow();
        manager = ManagerLife.begin(++lives, raft, raftId, certificates, remotes, context, events::add);
    }

    /** Why a manager's certificate is not enough to speak raft with this manager. */
    private Optional<String> exclusion(String nodeId, X509Certificate certificate) {
        RaftNode present = store;
        if (present == null) {
            return Optional.empty();
        }
        Cluster cluster = present.view().get(Table.CLUSTERS, certificates.clusterId());
        if (cluster != null && cluster.containsBlacklistedCertificates(nodeId)) {
            return Optional.of("was removed from the cluster");
        }
        Node node = present.view().get(Table.NODES, nodeId);
        return FormerManager.is(node, certificate, Optional.of(present))
                ? Optional.of("was demoted, and shows its certificate from before")
                : Optional.empty();
    }

    private void endManager(boolean forGood) {
        ManagerLife life = manager;
        manager = null;
        store = null;
        if (life != null) {
            life.close();
        }
        if (forGood) {
            start.wipeRaft();
        }
    }

    /** Rule 7.14.2: the certificate of a worker is on its way, or the removal was a mistake. */
    private void removed() {
        LOG.warn("node: was removed from the raft group, stops being a manager");
        endManager(true);
        renewalForced = false;
        demotionEnds = System.nanoTime() + DEMOTION.toNanos();
        certified();
    }

    private void waitedLongEnough() {
        if (renewalForced) {
            LOG.warn("node: was removed from the raft group, but is a manager by its certificate: joins anew");
            demotionEnds = null;
            beginManager();
        } else {
            renewalForced = true;
            demotionEnds = System.nanoTime() + DEMOTION.toNanos();
            renewal.renewNow();
        }
    }

    private void told(SessionMessage message) {
        if (message.hasNode()) {
            follow(message.getNode());
            rotate(message.getNode().getCertificate().getStatus().getState() == IssuanceStatus.State.ROTATE);
        }
        byte[] root = message.getRootCA().toByteArray();
        if (root.length > 0 && !Arrays.equals(root, certificates.rootPem())) {
            trust(root);
        }
    }

    /**
     * Asks for a certificate with the role that is desired (rule 7.6.3). It is given once the managers have made the node's role
     * follow, so then it is asked for again.
     */
    private void follow(Node node) {
        NodeRole desired = node.getSpec().getDesiredRole();
        String wanted = desired == NodeRole.MANAGER ? Credentials.MANAGER_NAME : Credentials.WORKER_NAME;
        Wish wish = new Wish(desired, node.getRole() == desired);
        if (wish.equals(asked)) {
            return;
        }
        asked = wish;
        if (!wanted.equals(certificates.role())) {
            LOG.info("node: is to become {}", wanted);
        }
        renewal.expectRole(wanted);
    }

    /**
     * What role the managers want this node to have.
     *
     * @param granted whether a renewal now gives it
     */
    private record Wish(NodeRole role, boolean granted) {
        static final Wish NONE = new Wish(NodeRole.UNRECOGNIZED, false);
    }

    private void rotate(boolean wanted) {
        if (wanted && !rotating) {
            renewal.renewNow();
        }
        rotating = wanted;
    }

    /** Rule 7.6.6. */
    private void trust(byte[] root) {
        try {
            if (certificates.trust(root)) {
                LOG.info("node: trusts a new root");
            }
        } catch (CaException e) {
            LOG.warn("node: the managers' new root is not trusted: {}", e.getMessage());
        }
    }

    /**
     * The root's key lives in the cluster object alone. An earlier start that ended before that object was committed has
     * taken the key with it; nobody has seen that root, so another one takes its place.
     */
    private void found(RaftNode raft) {
        boolean keyless = certificates.rootKeyMaterial().keyPem().length == 0;
        if (keyless && ManagerLife.unfounded(raft) && raft.members().size() < 2) {
            LOG.info("node: the cluster was never founded, its root is made anew");
            certificates.foundAnew(clock);
        }
    }

    @Override
    public void close() {
        renewal.close();
        endManager(false);
        roles.close();
    }
}
