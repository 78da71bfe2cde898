package io.osmia.raft.internal;

import io.osmia.raft.RaftConfig;
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
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;

/** Store, keeper and listeners of one raft node, put together. */
public final class RaftCore {

    private final RaftConfig config;
    private final StoreMachine machine = new StoreMachine();
    private final Notifier notifier = new Notifier();
    private final Keeper keeper;
    private final Changes changes = new Changes();
    private final Barrier barrier = new Barrier();
    private volatile String address;

    private RaftCore(RaftConfig config) {
        this.config = config;
        this.address = config.addresses().api();
        this.keeper = new Keeper(config, machine, notifier);
    }

    public static RaftCore open(RaftConfig config) {
        RaftCore core = new RaftCore(config);
        try {
            core.keeper.start();
            return core;
        } catch (RuntimeException e) {
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
        return () -> {};
    }

    public String raftAddress() {
        return "";
    }

    public boolean joined() {
        return members().stream().anyMatch(m -> m.raftId() == config.identity().raftId());
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

    public void advertise(String advertised) {
        address = advertised;
        notifier.membership();
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
        long millis = config.limits().writeTimeout().toMillis();
        try {
            return answer.get(millis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } catch (TimeoutException e) {
            throw new StoreException(
                    Reason.LOST_LEADERSHIP,
                    Reason.LOST_LEADERSHIP.text() + " (not committed within " + millis / 1000 + " s)");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    Reason.LOST_LEADERSHIP, Reason.LOST_LEADERSHIP.text() + " (interrupted while waiting)");
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
        RatisServer server = keeper.server();
        if (server == null) {
            return List.of(self());
        }
        try {
            @Nullable RaftPeerId leader = server.leader();
            return server.peers().stream()
                    .map(peer -> member(peer, leader))
                    .sorted(Comparator.comparingLong(Member::raftId))
                    .toList();
        } catch (IOException e) {
            return List.of(self());
        }
    }

    private Member member(RaftPeer peer, @Nullable RaftPeerId leader) {
        PeerName name = PeerName.parse(peer.getId());
        if (name.raftId() == config.identity().raftId()) {
            return self();
        }
        return new Member(name.raftId(), name.nodeId(), peer.getAddress(), "", peer.getId().equals(leader), false);
    }

    private Member self() {
        return new Member(
                config.identity().raftId(), config.identity().nodeId(), address, "", keeper.leads(), true);
    }

    public void close() {
        keeper.close();
        notifier.close(config.limits().closeTimeout());
        machine.close();
    }
}
