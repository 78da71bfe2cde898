package io.osmia.raft.internal;

import io.osmia.raft.RaftConfig;
import io.osmia.raft.StateCopy.Compared;
import io.osmia.roles.MemberChanges;
import io.osmia.roles.Membership.Member;
import io.osmia.roles.ReadBarrier;
import io.osmia.roles.Registration;
import io.osmia.store.StoreException;
import io.osmia.store.StoreException.Reason;
import io.osmia.store.StoreMachine;
import io.osmia.store.Subscription;
import io.osmia.store.Tx;
import io.osmia.store.View;
import io.osmia.wire.osmia.StateCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Store, keeper and listeners of one raft node, put together. */
public final class RaftCore {

    private static final Logger LOG = LoggerFactory.getLogger(RaftCore.class);

    /** How long a leader that stops tries to find a successor. */
    private static final long HAND_OVER_MILLIS = 1_000;

    private static final Duration ANNOUNCE_EVERY = Duration.ofSeconds(5);

    private final RaftConfig config;
    private final StoreMachine machine = new StoreMachine();
    private final Notifier notifier = new Notifier();
    private final Keeper keeper;
    private final Members members;
    private final Changes changes;
    private final Barrier barrier;
    private final Announcing announcing;
    private final CompletableFuture<String> fatal = new CompletableFuture<>();
    private volatile String address;

    private RaftCore(RaftConfig config) {
        this.config = config;
        this.address = config.addresses().api();
        this.keeper = new Keeper(config, machine, notifier);
        this.members = new Members(keeper, this::self);
        this.changes = new Changes(keeper, members::list, this::self);
        this.barrier = new Barrier(keeper);
        this.announcing =
                new Announcing(() -> keeper.leads() && !joined(), () -> changes.add(self()), ANNOUNCE_EVERY);
    }

    public static RaftCore open(RaftConfig config) {
        RaftCore core = new RaftCore(config);
        try {
            core.keeper.start();
            core.notifier.onLeadership(term -> core.announcing.now());
            return core;
        } catch (RuntimeException e) {
            core.announcing.close();
            core.notifier.close(config.limits().closeTimeout());
            core.machine.close();
            throw e;
        }
    }

    public AutoCloseable onLeadership(Consumer<OptionalLong> listener) {
        return notifier.onLeadership(listener);
    }

    public Registration onMembership(Runnable listener) {
        return notifier.onMembership(listener);
    }

    public Registration onRemoved(Runnable listener) {
        return notifier.onRemoved(listener);
    }

    public String raftAddress() {
        return keeper.raftAddress();
    }

    public boolean joined() {
        return keeper.alone() || members.announced();
    }

    public MemberChanges changes() {
        return changes;
    }

    public ReadBarrier barrier() {
        return barrier;
    }

    public Optional<String> trouble() {
        return Optional.ofNullable(keeper.trouble());
    }

    public long term() {
        RatisServer server = keeper.server();
        try {
            return server == null ? 0 : server.term();
        } catch (IOException e) {
            return 0;
        }
    }

    public boolean seals() {
        return config.logKeys() != null && config.seal();
    }

    public long appliedIndex() {
        return keeper.progress().index();
    }

    public List<StateCheck> checks() {
        return keeper.checks().compared();
    }

    public Registration onCheck(Consumer<Compared> listener) {
        return keeper.checks().onCheck(listener);
    }

    public void doubt(String why) {
        keeper.doubt(why);
    }

    /** @param listener told at once when it has happened already */
    public Registration onFatal(Consumer<String> listener) {
        fatal.thenAccept(listener);
        return () -> {};
    }

    public void astray(String why) {
        LOG.error("raft: {}", why);
        keeper.doubt(why);
        Thread.ofVirtual().name("raft-astray").start(() -> fatal.complete(why));
    }

    public void advertise(String advertised) {
        address = advertised;
        notifier.membership();
        announcing.now();
    }

    public View view() {
        return machine.committed();
    }

    public Subscription subscribe(String name, int capacity) {
        return machine.subscribe(name, capacity);
    }

    public <R> CompletableFuture<R> submit(long term, Function<Tx, R> body) {
        return keeper.proposer().submit(term, body, Thread::startVirtualThread);
    }

    /** Nothing but this thread depends on the answer, so it may be given on any. */
    public <R> R update(long term, Function<Tx, R> body) {
        CompletableFuture<R> answer = keeper.proposer().submit(term, body, Runnable::run);
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    Reason.OUTCOME_UNKNOWN, Reason.OUTCOME_UNKNOWN.text() + " (interrupted while waiting)");
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable why) {
        return switch (why) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            case null, default -> new IllegalStateException("a transaction failed", why);
        };
    }

    public List<Member> members() {
        return members.list();
    }

    private Member self() {
        return new Member(
                config.identity().raftId(),
                config.identity().nodeId(),
                address,
                keeper.raftAddress(),
                keeper.leads(),
                true);
    }

    public void close() {
        changes.handOver(HAND_OVER_MILLIS);
        announcing.close();
        keeper.close();
        notifier.close(config.limits().closeTimeout());
        machine.close();
    }
}
