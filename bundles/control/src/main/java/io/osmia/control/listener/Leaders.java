package io.osmia.control.listener;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.osmia.roles.Channels;
import io.osmia.roles.Membership;
import io.osmia.roles.Membership.Member;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Finds out who answers the calls that only the leader can answer, and waits while nobody does (rule 8.8.5). */
final class Leaders implements AutoCloseable {

    static final String NO_LEADER = "The swarm does not have a leader. It's possible that too few managers are online."
            + " Make sure more than half of the managers are online.";

    /** Told by a manager that does not lead to one that thought so: it has not carried the call out. */
    static final String ONE_REDIRECT = "more than one redirect to leader from: ";

    private static final long LOOK_EVERY_MILLIS = 20;

    private final Services services;
    private final String self;
    private final long longestNanos;
    private final LongSupplier nanoTime;
    private final LeaderChannel channel = new LeaderChannel();
    private volatile boolean closed;
    private final Object leaderlessLock = new Object();
    private @Nullable Long leaderlessSince; // guarded by leaderlessLock
    private @Nullable Runnable unsubscribe; // guarded by this
    private @Nullable Membership subscribed; // guarded by this

    /**
     * @param self this manager's node id
     * @param longest how long a call without a deadline waits, and how long a cluster may be without a leader before calls are
     *     refused at once
     */
    Leaders(Services services, String self, Duration longest, LongSupplier nanoTime) {
        this.services = services;
        this.self = self;
        this.longestNanos = longest.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Who answers a call. */
    sealed interface Target {}

    /** This manager. */
    record Here(ServerMethodDefinition<?, ?> method) implements Target {}

    /** Another one. */
    record There(Member leader, ManagedChannel channel) implements Target {

        <Q, A> ClientCall<Q, A> call(MethodDescriptor<Q, A> method, CallOptions options) {
            return channel.newCall(method, options);
        }
    }

    /** None. */
    record Nobody(Status status) implements Target {}

    /** Whether there is any way from this manager to others. */
    boolean canForward() {
        return !closed && services.membership().isPresent() && services.channels().isPresent();
    }

    /** How long a call may wait; one per call. */
    final class Patience {

        private final long end;
        private final @Nullable Deadline deadline = Context.current().getDeadline();

        private Patience() {
            end = nanoTime.getAsLong() + longestNanos;
        }

        private boolean ends() {
            boolean late = deadline == null ? nanoTime.getAsLong() - end > 0 : deadline.isExpired();
            return closed || late || Context.current().isCancelled();
        }
    }

    Patience patience() {
        return new Patience();
    }

    /**
     * Waits for the manager that answers. Blocks, until the deadline of the current call or the longest time.
     *
     * @param redirects who passed the call on already; then it is not passed on again (rule 8.8.4)
     * @param unreachable a leader that could not be reached a moment ago: it is tried again only after a while
     */
    Target await(
            Reach reach,
            MethodDescriptor<?, ?> method,
            Optional<String> redirects,
            Optional<Unreachable> unreachable,
            Patience patience) {
        while (true) {
            Optional<Target> found = look(reach, method, redirects, unreachable);
            if (found.isPresent()) {
                return found.get();
            }
            if (patience.ends()) {
                return new Nobody(closed ? stopping() : exhausted(method, unreachable));
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Nobody(stopping());
            }
        }
    }

    /**
     * A leader that could not be reached.
     *
     * @param again nano time from which it may be tried again
     */
    record Unreachable(Member leader, String reason, long again) {}

    /** Rule 8.8.6: tried again after half a second, unless another leads before. */
    Unreachable unreachable(Member leader, Status status) {
        return new Unreachable(
                leader,
                String.valueOf(status.getDescription()),
                nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(500));
    }

    private Optional<Target> look(
            Reach reach,
            MethodDescriptor<?, ?> method,
            Optional<String> redirects,
            Optional<Unreachable> unreachable) {
        Optional<ServerMethodDefinition<?, ?>> own = services.method(
                reach, String.valueOf(method.getServiceName()), method.getFullMethodName());
        if (own.isPresent()) {
            return Optional.of(new Here(own.get()));
        }
        Optional<Member> leader = leader();
        if (leader.isEmpty()) {
            return longLeaderless() ? nobody(Status.UNKNOWN.withDescription(NO_LEADER)) : Optional.empty();
        }
        if (leader.get().nodeId().equals(self)) {
            return absentForGood(method);
        }
        if (redirects.isPresent()) {
            return nobody(Status.RESOURCE_EXHAUSTED.withDescription(ONE_REDIRECT + redirects.get()));
        }
        boolean tooEarly = unreachable
                .filter(tried -> tried.leader().nodeId().equals(leader.get().nodeId()))
                .filter(tried -> nanoTime.getAsLong() - tried.again() < 0)
                .isPresent();
        return tooEarly ? Optional.empty() : there(leader.get(), unreachable.isPresent());
    }

    /** The leader does not wait for what nobody implements. */
    private static Optional<Target> absentForGood(MethodDescriptor<?, ?> method) {
        return KnownService.named(String.valueOf(method.getServiceName()))
                .map(known -> known.absent().apply(method))
                .filter(status -> status.getCode() == Status.Code.UNIMPLEMENTED)
                .flatMap(Leaders::nobody);
    }

    private static Optional<Target> nobody(Status status) {
        return Optional.of(new Nobody(status));
    }

    private Optional<Target> there(Member leader, boolean again) {
        Optional<Channels> channels = services.channels();
        if (channels.isEmpty() || leader.address().isEmpty()) {
            return Optional.empty();
        }
        ManagedChannel open = channel.to(leader.address(), channels.get());
        if (again) {
            open.resetConnectBackoff();
        }
        return Optional.of(new There(leader, open));
    }

    /** The leader as raft names it at this moment. */
    private Optional<Member> leader() {
        subscribe();
        Optional<Member> leader = services.membership().flatMap(Membership::leader);
        note(leader.isPresent());
        return leader;
    }

    private void note(boolean led) {
        synchronized (leaderlessLock) {
            if (led) {
                leaderlessSince = null;
            } else if (leaderlessSince == null) {
                leaderlessSince = nanoTime.getAsLong();
            }
        }
    }

    private boolean longLeaderless() {
        synchronized (leaderlessLock) {
            Long since = leaderlessSince;
            return since != null && nanoTime.getAsLong() - since > longestNanos;
        }
    }

    /** So that time without a leader is counted also while nobody calls, and connections to former leaders are let go. */
    private synchronized void subscribe() {
        Membership present = services.membership().orElse(null);
        if (present != subscribed) {
            unsubscribe();
            subscribed = present;
            if (present != null) {
                unsubscribe = present.onChange(this::changed)::close;
            }
        }
    }

    private void changed() {
        Optional<Member> leader = services.membership().flatMap(Membership::leader);
        note(leader.isPresent());
        leader.ifPresent(member -> channel.leads(member.nodeId().equals(self) ? "" : member.address()));
    }

    private synchronized void unsubscribe() {
        Runnable former = unsubscribe;
        unsubscribe = null;
        subscribed = null;
        if (former != null) {
            former.run();
        }
    }

    private static Status stopping() {
        return Status.UNAVAILABLE.withDescription("this manager stops; nothing was done, ask another one");
    }

    private Status exhausted(MethodDescriptor<?, ?> method, Optional<Unreachable> unreachable) {
        String name = KnownService.shortName(method);
        if (unreachable.isPresent()) {
            Member leader = unreachable.get().leader();
            return Status.UNAVAILABLE.withDescription("failed to get connection to leader: node " + leader.nodeId()
                    + " at " + leader.address() + ": " + unreachable.get().reason() + "; " + name
                    + " was not carried out, try again");
        }
        return leader().isEmpty()
                ? Status.UNKNOWN.withDescription(NO_LEADER)
                : KnownService.named(String.valueOf(method.getServiceName()))
                        .map(known -> known.absent().apply(method))
                        .orElseGet(() -> Status.UNAVAILABLE.withDescription(name + " found no leader, try again"));
    }

    @Override
    public void close() {
        closed = true;
        unsubscribe();
        channel.close();
    }
}
