package io.osmia.node.internal;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.osmia.ca.CaException;
import io.osmia.roles.Channels;
import io.osmia.roles.Credentials;
import io.osmia.roles.Remotes;
import io.osmia.roles.Remotes.Remote;
import io.osmia.store.loop.Trouble;
import io.osmia.wire.osmia.JoinRequest;
import io.osmia.wire.osmia.JoinResponse;
import io.osmia.wire.osmia.ManagerMember;
import io.osmia.wire.osmia.ManagersGrpc;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the leader, through any manager, to take this one into the raft group or to note its new addresses (rules 8.3.1 and
 * 8.3.3). Asks until it is done: the same question again changes nothing.
 */
final class Joining implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);

    /** Rule 8.1: 5 s and two election timeouts. */
    private static final long CALL_SECONDS = 25;

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 8_000;

    private final String ownNode;
    private final Channels channels;
    private final Remotes remotes;
    private final JoinRequest request;
    private final Runnable before;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("node-joining").unstarted(this::run);

    /** @param before called before each try: fetches what this manager needs to read the log */
    Joining(String ownNode, Channels channels, Remotes remotes, JoinRequest request, Runnable before) {
        this.ownNode = ownNode;
        this.channels = channels;
        this.remotes = remotes;
        this.request = request;
        this.before = before;
    }

    Joining start() {
        thread.start();
        return this;
    }

    private void run() {
        Trouble trouble = new Trouble();
        long pause = FIRST_PAUSE_MILLIS;
        try {
            while (!joined(trouble)) {
                if (over.await(pause, TimeUnit.MILLISECONDS)) {
                    return;
                }
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean joined(Trouble trouble) {
        Optional<Remote> remote = remotes.select(Set.of(ownNode));
        if (remote.isEmpty()) {
            return failed(trouble, "no other manager is known");
        }
        ManagedChannel channel = channels.open(remote.get().address(), Credentials.MANAGER_NAME);
        try {
            before.run();
            JoinResponse answer = ManagersGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                    .join(request);
            answer.getMembersList().forEach(this::observe);
            LOG.info("node: manager {} is a member of the raft group, one of {}", ownNode, answer.getMembersCount());
            return true;
        } catch (CaException noKeys) {
            return failed(trouble, String.valueOf(noKeys.getMessage()));
        } catch (StatusRuntimeException refused) {
            remotes.observe(remote.get(), -Remotes.SERVED);
            Status status = refused.getStatus();
            return failed(trouble, remote.get().address() + " says: "
                    + (status.getDescription() == null ? status.getCode() : status.getDescription()));
        } finally {
            channel.shutdownNow();
        }
    }

    private void observe(ManagerMember member) {
        remotes.observe(new Remote(member.getNodeId(), member.getAddress()), Remotes.SERVED);
    }

    private boolean failed(Trouble trouble, String why) {
        if (over.getCount() > 0 && trouble.begins(why)) {
            LOG.warn("node: the raft group has not taken this manager in yet, it is tried again: {}", why);
        }
        return false;
    }

    @Override
    public void close() {
        over.countDown();
        thread.interrupt();
    }
}
