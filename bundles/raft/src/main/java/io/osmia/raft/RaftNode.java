package io.osmia.raft;

import io.osmia.raft.internal.RaftCore;
import io.osmia.roles.MemberChanges;
import io.osmia.roles.Membership;
import io.osmia.roles.ReadBarrier;
import io.osmia.roles.Readiness;
import io.osmia.roles.Registration;
import io.osmia.roles.Registration;
import io.osmia.store.Batches;
import io.osmia.store.Store;
import io.osmia.store.StoreException;
import io.osmia.store.Subscription;
import io.osmia.store.Tx;
import io.osmia.store.View;
import io.osmia.wire.osmia.StateCheck;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * This manager's member of the raft group: the replicated store, who the members are, and who leads. Opened and closed by the
 * node, which registers the services.
 */
public final class RaftNode
        implements Store, Membership, MemberChanges, ReadBarrier, Readiness, StateCopy, AutoCloseable {

    private final RaftCore core;

    private RaftNode(RaftCore core) {
        this.core = core;
    }

    /**
     * Checks what is on disk and opens it. On return the store holds what the newest snapshot holds; the log is applied once
     * there is a leader, which on a manager that is alone takes some ten milliseconds more.
     *
     * @throws StateException when the directory is damaged, of another cluster or node, or cannot be opened
     */
    public static RaftNode open(RaftConfig config) {
        return new RaftNode(RaftCore.open(config));
    }

    /**
     * Tells who leads: the term while this manager does, and everything in the log is applied; empty while it does not. Each
     * term is greater than any before, and empty comes between two. The listener is called at once, then at each change, always
     * on one thread that belongs to leadership alone.
     *
     * @return closes to end it
     */
    public AutoCloseable onLeadership(Consumer<OptionalLong> listener) {
        return core.onLeadership(listener);
    }

    @Override
    public Optional<String> trouble() {
        return core.trouble();
    }

    /** The remote API is bound, or advertised elsewhere than before: host:port. */
    public void advertise(String address) {
        core.advertise(address);
    }

    /**
     * host:port where other members reach this one's raft port; empty while there is none, which is so as long as this member is
     * alone.
     */
    public String raftAddress() {
        return core.raftAddress();
    }

    /**
     * Whether the configuration that this member knows has it in it, with these addresses: a newcomer is to ask the leader
     * (Managers.Join) until this is so, and so is a member whose addresses changed.
     */
    public boolean joined() {
        return core.joined();
    }

    /** Told once, when this member was in the committed configuration and no longer is (rule 8.4.7); on the thread of leadership. */
    public Registration onRemoved(Runnable listener) {
        return core.onRemoved(listener);
    }

    /**
     * Told, once and on a thread of its own, why this node must stop: its copy of the state is not what the majority of the
     * managers have. It must not serve any more, and must not be restarted from the same directory.
     */
    public Registration onFatal(Consumer<String> listener) {
        return core.onFatal(listener);
    }

    @Override
    public long term() {
        return core.term();
    }

    @Override
    public boolean seals() {
        return core.seals();
    }

    @Override
    public long appliedIndex() {
        return core.appliedIndex();
    }

    @Override
    public List<StateCheck> checks() {
        return core.checks();
    }

    @Override
    public Registration onCheck(Consumer<Compared> listener) {
        return core.onCheck(listener);
    }

    @Override
    public void doubt(String why) {
        core.doubt(why);
    }

    @Override
    public void astray(String why) {
        core.astray(why);
    }

    @Override
    public View view() {
        return core.view();
    }

    @Override
    public Subscription subscribe(String name, int capacity) {
        return core.subscribe(name, capacity);
    }

    @Override
    public <R> CompletableFuture<R> submit(long term, Function<Tx, R> body) {
        return core.submit(term, body);
    }

    @Override
    public <R> R update(long term, Function<Tx, R> body) {
        return core.update(term, body);
    }

    @Override
    public List<@Nullable StoreException> batch(long term, List<Consumer<Tx>> steps) {
        return Batches.run(steps, body -> update(term, body));
    }

    @Override
    public List<Member> members() {
        return core.members();
    }

    @Override
    public Registration onChange(Runnable listener) {
        return core.onMembership(listener);
    }

    @Override
    public void add(Member newcomer) {
        core.changes().add(newcomer);
    }

    @Override
    public void remove(long raftId) {
        core.changes().remove(raftId);
    }

    @Override
    public Optional<QuorumLoss> objection(long raftId) {
        return core.changes().objection(raftId);
    }

    @Override
    public void transferLeadership(OptionalLong raftId) {
        core.changes().transferLeadership(raftId);
    }

    @Override
    public CompletableFuture<Void> linearizable() {
        return core.barrier().linearizable();
    }

    @Override
    public CompletableFuture<Void> reached(long version) {
        return core.barrier().reached(version);
    }

    /** A leader hands leadership over first. Ends everything; what was acknowledged is on disk. Takes a bounded time. */
    @Override
    public void close() {
        core.close();
    }
}
