package io.osmia.agent.internal.session;

import io.grpc.ManagedChannel;
import io.osmia.agent.internal.session.Remotes.Remote;
import io.osmia.agent.internal.task.Executors;
import io.osmia.agent.internal.task.Worker;
import io.osmia.api.executor.Executor;
import io.osmia.wire.swarmkit.Peer;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.WeightedPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one session with some manager going, one after the other, on a thread of its own (rules 6.11.2 to 6.11.4). */
public final class Sessions implements Executors.Listener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final Remote self;
    private final Worker worker;
    private final Reporter reporter;
    private final NodeDescriber describer;
    private final Channels channels;
    private final Remotes remotes;
    private final Backoff backoff;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Session current;
    private String sessionId = "";
    private String lastTrouble = "";

    /**
     * @param nodeId this node
     * @param selfAddress where this node reaches its own remote API, whatever it advertises to others
     */
    Sessions(
            String nodeId,
            String selfAddress,
            Worker worker,
            Reporter reporter,
            NodeDescriber describer,
            Channels channels,
            RandomGenerator random) {
        this.self = new Remote(nodeId, selfAddress);
        this.worker = worker;
        this.reporter = reporter;
        this.describer = describer;
        this.channels = channels;
        this.remotes = new Remotes(random);
        this.backoff = new Backoff(random);
        this.thread = Thread.ofVirtual().name("agent-session").unstarted(this::run);
        remotes.observe(self, Remotes.SERVED);
    }

    void start() {
        thread.start();
    }

    /** Something waits to be reported. */
    void reportsWait() {
        post(new Event.ReportsWait());
    }

    @Override
    public void arrived(Executor executor) {
        post(new Event.DescriptionMayDiffer());
    }

    @Override
    public void departed(Executor executor) {
        post(new Event.DescriptionMayDiffer());
    }

    private void post(Event event) {
        Session session = current;
        if (session != null) {
            session.post(event);
        }
    }

    private void run() {
        try {
            while (!closing.await(backoff.pick().toNanos(), TimeUnit.NANOSECONDS)) {
                try {
                    session();
                } catch (SessionEndedException e) {
                    failed(e.why());
                } catch (RuntimeException e) {
                    LOG.error("the session failed, another one is opened", e);
                    backoff.failed();
                }
            }
        } catch (InterruptedException e) {
            // Closing takes too long.
            LOG.warn("the session was cut off");
        }
    }

    private void failed(String why) {
        if (!why.equals(lastTrouble)) {
            lastTrouble = why;
            LOG.info("no session with a manager, trying again: {}", why);
        }
        backoff.failed();
    }

    private void session() throws SessionEndedException, InterruptedException {
        Optional<Remote> selected = remotes.select();
        if (selected.isEmpty()) {
            throw new SessionEndedException("no remote hosts provided");
        }
        Remote remote = selected.get();
        ManagedChannel channel = channels.open(remote.address());
        Session session = new Session(
                channel, sessionId, worker, reporter, describer, this::observe, () -> registered(remote));
        try {
            current = session;
            if (closing.getCount() > 0) {
                session.run();
            }
        } finally {
            current = null;
            sessionId = session.sessionId();
            // Whatever the reason, another manager may serve better (rule 6.11.12).
            remotes.observe(remote, -Remotes.SERVED);
            channel.shutdownNow();
            if (!channel.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.warn("the connection to {} is still closing", remote.address());
            }
        }
    }

    private void registered(Remote remote) {
        lastTrouble = "";
        LOG.info("session with manager {} at {}", remote.nodeId(), remote.address());
        backoff.registered();
    }

    /** Takes over the list of managers (rule 6.11.8). */
    private void observe(SessionMessage message) {
        List<Remote> listed = new ArrayList<>();
        for (WeightedPeer manager : message.getManagersList()) {
            Remote remote = remote(manager.getPeer());
            listed.add(remote);
            remotes.observe(remote, manager.getWeight());
        }
        if (!listed.isEmpty()) {
            remotes.retain(listed);
        }
    }

    private Remote remote(Peer peer) {
        return peer.getNodeId().equals(self.nodeId()) ? self : new Remote(peer.getNodeId(), peer.getAddr());
    }

    /** Ends the session and waits for that, at most 2 s. */
    @Override
    public void close() {
        closing.countDown();
        post(new Event.Stop());
        try {
            if (!thread.join(java.time.Duration.ofSeconds(2))) {
                thread.interrupt();
                LOG.warn("the session with the manager is still closing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
