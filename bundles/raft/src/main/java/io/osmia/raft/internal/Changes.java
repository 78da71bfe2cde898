package io.osmia.raft.internal;

import io.osmia.roles.MemberChanges;
import io.osmia.roles.Membership.Member;
import io.osmia.roles.MembershipException;
import io.osmia.roles.MembershipException.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes of the raft group, through Ratis: one after the other, each against the members as they were looked at. */
final class Changes implements MemberChanges {

    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    /** A newcomer has to catch up in this time (8.1: request timeout). */
    private static final long CHANGE_SECONDS = 25;

    private static final long CONNECT_SECONDS = 10;
    private static final long TRANSFER_MILLIS = 3_000;

    private final Keeper keeper;
    private final Supplier<List<Member>> members;
    private final Supplier<Member> self;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    /**
     * @param members as they are known now
     * @param self this member with the addresses that it has now
     */
    Changes(Keeper keeper, Supplier<List<Member>> members, Supplier<Member> self) {
        this.keeper = keeper;
        this.members = members;
        this.self = self;
    }

    @Override
    public void add(Member newcomer) {
        inTurn(() -> {
            requireLeader();
            if (newcomer.raftId() != self.get().raftId()) {
                connect();
            }
            change(newcomer.nodeId(), from -> new Roster(from, self.get()).with(newcomer));
            return null;
        });
    }

    @Override
    public void remove(long raftId) {
        inTurn(() -> {
            requireLeader();
            Member leaving = known(raftId);
            if (raftId == self.get().raftId()) {
                refuseLoss(raftId);
                transfer(OptionalLong.empty());
                throw notLeader();
            }
            refuseLoss(raftId);
            change(leaving.nodeId(), from -> new Roster(from, self.get()).without(raftId));
            return null;
        });
    }

    private void refuseLoss(long raftId) {
        objection(raftId).ifPresent(loss -> {
            throw new MembershipException(
                    Reason.QUORUM,
                    "raft: member cannot be removed, because removing it may result in loss of quorum " + loss);
        });
    }

    @Override
    public Optional<QuorumLoss> objection(long raftId) {
        List<Member> now = members.get();
        int reachable = count(now, Member::reachable);
        int reachableAfter = count(now, member -> member.reachable() && member.raftId() != raftId);
        int after = count(now, member -> member.raftId() != raftId);
        return after > 0 && reachableAfter >= after / 2 + 1
                ? Optional.empty()
                : Optional.of(new QuorumLoss(now.size(), reachable, after, reachableAfter));
    }

    private static int count(List<Member> members, Predicate<Member> which) {
        return (int) members.stream().filter(which).count();
    }

    @Override
    public void transferLeadership(OptionalLong raftId) {
        inTurn(() -> {
            requireLeader();
            if (raftId.isPresent()) {
                known(raftId.getAsLong());
            }
            transfer(raftId);
            return null;
        });
    }

    /**
     * Hands leadership over, if there is any and somebody to take it; takes no longer than this. Who stops does not stand for
     * election any more, so that it is not the one who wins when the heir is slow.
     */
    void handOver(long atMostMillis) {
        RatisServer server = keeper.server();
        if (!keeper.leads() || server == null || server.alone()) {
            return;
        }
        try {
            Optional<RaftPeerId> heir = heir(server);
            if (heir.isPresent()) {
                server.members().standAside();
                answer(server.members().transfer(heir.get(), atMostMillis), atMostMillis, "leadership");
            }
        } catch (IOException | MembershipException e) {
            LOG.info("raft: leadership was not handed over: {}", e.getMessage());
        }
    }

    private void transfer(OptionalLong raftId) {
        if (raftId.isPresent() && raftId.getAsLong() == self.get().raftId()) {
            return;
        }
        try {
            RatisServer server = server();
            RaftPeerId to = raftId.isPresent()
                    ? PeerName.of(known(raftId.getAsLong())).peerId()
                    : heir(server).orElseThrow(() -> new MembershipException(
                            Reason.UNREACHABLE, "failed to find longest active peer"));
            answer(server.members().transfer(to, TRANSFER_MILLIS), TRANSFER_MILLIS, "leadership of " + to);
        } catch (IOException e) {
            throw failed("leadership", e);
        } catch (MembershipException e) {
            keeper.stayed();
            throw e;
        }
    }

    /** The follower that is best up to date, of those that answer. */
    private Optional<RaftPeerId> heir(RatisServer server) throws IOException {
        Map<RaftPeerId, Long> silence = server.members().silence();
        return server.members().matches().entrySet().stream()
                .filter(e -> silence.getOrDefault(e.getKey(), Long.MAX_VALUE) <= Members.SILENCE_MILLIS)
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey);
    }

    private Member known(long raftId) {
        return members.get().stream()
                .filter(member -> member.raftId() == raftId)
                .findFirst()
                .orElseThrow(() -> new MembershipException(
                        Reason.UNKNOWN_MEMBER, "membership: member not found in cluster list"));
    }

    /** A manager that was alone has no port yet. Opening it costs leadership for a moment. */
    private void connect() {
        RatisServer now = server();
        if (!now.alone()) {
            return;
        }
        try {
            keeper.connect().get(CONNECT_SECONDS, TimeUnit.SECONDS);
            keeper.awaitLeading(CONNECT_SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw failed("the port for other managers", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("the port for other managers", e);
        }
    }

    /** @param who node id, for messages */
    private void change(String who, Function<List<RaftPeer>, List<RaftPeer>> next) {
        try {
            RatisServer server = server();
            List<RaftPeer> from = server.members().peers();
            List<RaftPeer> to = next.apply(from);
            if (Roster.differs(from, to)) {
                server.dial(() -> to);
                answer(
                        server.members().change(from, to),
                        TimeUnit.SECONDS.toMillis(CHANGE_SECONDS),
                        "node " + who);
            }
        } catch (IOException e) {
            throw failed("node " + who, e);
        }
    }

    private static void answer(CompletableFuture<RaftClientReply> asked, long millis, String what) {
        try {
            RaftClientReply reply = asked.get(millis + 500, TimeUnit.MILLISECONDS);
            if (!reply.isSuccess()) {
                throw failed(what, reply.getException());
            }
        } catch (ExecutionException e) {
            throw failed(what, e.getCause());
        } catch (TimeoutException e) {
            throw new MembershipException(
                    Reason.TIMEOUT, "raft: " + what + ": not done within " + millis + " ms; it may still come about");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(what, e);
        }
    }

    private static MembershipException failed(String what, @Nullable Throwable cause) {
        return switch (cause) {
            case NotLeaderException e -> notLeader();
            case ReconfigurationTimeoutException e -> new MembershipException(
                    Reason.UNREACHABLE,
                    "raft: " + what
                            + " cannot be reached at its raft address, or does not catch up; the members stay as they were");
            case null -> new MembershipException(Reason.TIMEOUT, "raft: " + what + ": no answer");
            default -> new MembershipException(Reason.TIMEOUT, "raft: " + what + ": " + cause.getMessage());
        };
    }

    private RatisServer server() {
        RatisServer server = keeper.server();
        if (server == null) {
            throw notLeader();
        }
        return server;
    }

    private void requireLeader() {
        if (!keeper.leads()) {
            throw notLeader();
        }
    }

    private static MembershipException notLeader() {
        return new MembershipException(
                Reason.NOT_LEADER, "raft: failed to process the request: node lost leader status");
    }

    private <R> R inTurn(Supplier<R> change) {
        try {
            if (!oneAtATime.tryLock(CHANGE_SECONDS, TimeUnit.SECONDS)) {
                throw new MembershipException(Reason.TIMEOUT, "raft: another change of the managers takes its time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("a change of the managers", e);
        }
        try {
            return change.get();
        } finally {
            oneAtATime.unlock();
        }
    }
}
