package io.osmia.agent.internal.session;

import io.grpc.ManagedChannel;
import io.osmia.agent.internal.task.Executors;
import io.osmia.agent.internal.task.Installed;
import io.osmia.agent.internal.task.Worker;
import io.osmia.roles.Channels;
import io.osmia.roles.Credentials;
import io.osmia.roles.Remotes.Remote;
import io.osmia.wire.swarmkit.SessionMessage;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one session with some manager going, one after the other, on a thread of its own (rules 6.11.2 to 6.11.4). */
final class Sessions implements Executors.Listener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final int TROUBLES = 100;
    private static final String REMOVED = "removed";

    /**
     * What sessions tell.
     *
     * @param message takes every session message
     * @param untrusted told the reason when a joining node does not trust the manager it was given (rule 6.11.13)
     * @param links told of the connection while a session uses it
     */
    record Hearers(Consumer<SessionMessage> message, Consumer<String> untrusted, Links links) {}

    private final String nodeId;
    private final Managers managers;
    private final Worker worker;
    private final Reporter reporter;
    private final NodeDescriber describer;
    private final Channels channels;
    private final Hearers hearers;
    private final Backoff backoff;
    private final Thread thread;
    private final Semaphore nudges = new Semaphore(0);
    private volatile boolean closed;
    private volatile @Nullable Running current;

    /* Only on the thread. */
    private String sessionId = "";
    private boolean everRegistered;
    /** Troubles since the last session, so that each is said once however many managers are tried in turn. */
    private final Set<String> said = new HashSet<>();

    private record Running(Session session, Remote remote) {}

    Sessions(
            String nodeId,
            Managers managers,
            Worker worker,
            Reporter reporter,
            NodeDescriber describer,
            Channels channels,
            Hearers hearers,
            RandomGenerator random) {
        this.nodeId = nodeId;
        this.managers = managers;
        this.worker = worker;
        this.reporter = reporter;
        this.describer = describer;
        this.channels = channels;
        this.hearers = hearers;
        this.backoff = new Backoff(random);
        this.thread = Thread.ofVirtual().name("agent-session").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Something waits to be reported. */
    void reportsWait() {
        post(new Event.ReportsWait());
    }

    /** The node's certificate or trust root changed, which its description tells (rule 6.11.9). */
    void descriptionMayDiffer() {
        post(new Event.DescriptionMayDiffer());
    }

    /** This node's own manager takes connections: worth trying at once. A session with another one goes on. */
    void managerHere(String selfAddress) {
        managers.own(selfAddress);
        nudges.release();
    }

    /** This node's own manager takes no connections any more. */
    void managerGone() {
        managers.own(null);
        Running running = current;
        if (running != null && !managers.serves(running.remote())) {
            running.session().post(new Event.Leave("this node's own manager stops"));
        }
    }

    @Override
    public void arrived(Installed executor) {
        descriptionMayDiffer();
    }

    @Override
    public void departed(Installed executor) {
        descriptionMayDiffer();
    }

    private void post(Event event) {
        Running running = current;
        if (running != null) {
            running.session().post(event);
        }
    }

    private void run() {
        try {
            while (!closed) {
                if (nudges.tryAcquire(backoff.pick().toNanos(), TimeUnit.NANOSECONDS)) {
                    nudges.drainPermits();
                    backoff.reset();
                }
                if (!closed) {
                    session();
                }
            }
        } catch (InterruptedException e) {
            // Closing takes too long.
            LOG.warn("the session was cut off");
        }
    }

    private void session() throws InterruptedException {
        Optional<Remote> selected = managers.next();
        if (selected.isEmpty()) {
            trouble("no remote hosts provided");
            backoff.failed();
            return;
        }
        Remote remote = selected.get();
        try {
            with(remote);
        } catch (SessionEndedException e) {
            failed(remote, e);
        } catch (RuntimeException e) {
            LOG.error("the session with {} failed, another one is opened", remote.address(), e);
            backoff.failed();
        }
    }

    private void with(Remote remote) throws SessionEndedException, InterruptedException {
        ManagedChannel channel = channels.open(remote.address(), Credentials.MANAGER_NAME);
        Session session = new Session(
                channel, sessionId, worker, reporter, describer, this::heard, () -> registered(remote, channel));
        try {
            current = new Running(session, remote);
            if (!closed && managers.serves(remote)) {
                session.run();
            }
        } finally {
            current = null;
            hearers.links().down(channel);
            sessionId = session.sessionId();
            managers.ended(remote);
            channel.shutdownNow();
            if (!channel.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.warn("the connection to {} is still closing", remote.address());
            }
        }
    }

    private void heard(SessionMessage message) {
        managers.heard(message);
        hearers.message().accept(message);
    }

    private void registered(Remote remote, ManagedChannel channel) {
        hearers.links().up(channel);
        said.clear();
        everRegistered = true;
        LOG.info("session with {} at {}", named(remote), remote.address());
        backoff.reset();
    }

    /** The one that a node was told to join through has no id yet. */
    private static String named(Remote remote) {
        return remote.nodeId().isEmpty() ? "the manager" : "manager " + remote.nodeId();
    }

    private void failed(Remote remote, SessionEndedException e) {
        backoff.failed();
        @Nullable String distrust = e.distrust();
        if (distrust != null && !everRegistered && remote.nodeId().isEmpty()) {
            hearers.untrusted().accept("node " + nodeId + " does not trust the manager at " + remote.address() + ": "
                    + distrust + "; check the address and the token to join with");
        }
        if (e.removed()) {
            if (said.add(REMOVED)) {
                LOG.error("node {} was removed from the cluster, its managers refuse it ({}); its tasks run on until"
                        + " 'osmia node leave' ends them", nodeId, e.why());
            }
        } else {
            trouble(e.why());
        }
    }

    private void trouble(String why) {
        if (said.size() < TROUBLES && said.add(why)) {
            LOG.info("no session with a manager, trying again: {}", why);
        }
    }

    /** Ends the session and waits for that, at most 2 s. */
    @Override
    public void close() {
        closed = true;
        nudges.release();
        post(new Event.Stop());
        try {
            if (!thread.join(CLOSING)) {
                thread.interrupt();
                LOG.warn("the session with the manager is still closing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
