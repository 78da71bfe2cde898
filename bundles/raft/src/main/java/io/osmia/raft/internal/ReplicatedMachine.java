package io.osmia.raft.internal;

import io.osmia.store.StoreMachine;
import io.osmia.wire.osmia.LogEntry;
import io.osmia.wire.osmia.Transaction;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/** Ratis's view of the store. Each time that Ratis is opened gets its own; the store behind it stays. */
final class ReplicatedMachine extends BaseStateMachine {

    private final StoreMachine machine;
    private final SnapshotTaker snapshots;
    private final Consumer<PendingEntry> applied;
    private final RaftEvents events;
    private final Progress progress;
    private final StateChecks checks;
    private final SimpleStateMachineStorage storage = new KnownSnapshots();

    /* Guarded by this. */
    private boolean detached;

    /**
     * @param progress up to where the log is in the store
     * @param checks compares the store with what the log says
     * @param applied told of own entries, on the thread that applies
     * @param events told of everything else; must only note it, since Ratis holds locks
     */
    ReplicatedMachine(
            StoreMachine machine,
            SnapshotTaker snapshots,
            Progress progress,
            StateChecks checks,
            Consumer<PendingEntry> applied,
            RaftEvents events) {
        this.machine = machine;
        this.progress = progress;
        this.checks = checks;
        this.snapshots = snapshots;
        this.applied = applied;
        this.events = events;
    }

    @Override
    public void initialize(RaftServer raftServer, RaftGroupId groupId, RaftStorage raftStorage) throws IOException {
        super.initialize(raftServer, groupId, raftStorage);
        storage.init(raftStorage);
        getLifeCycle().startAndTransition(this::load, IOException.class);
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        try {
            getLifeCycle().transition(LifeCycle.State.STARTING);
            load();
            getLifeCycle().transition(LifeCycle.State.RUNNING);
        } catch (IOException | RuntimeException | Error e) {
            // Ratis ends the division after this, and says so only in its log.
            events.logFailed(e);
            throw e;
        }
    }

    @Override
    public void close() {
        getLifeCycle().checkStateAndClose();
    }

    private void load() throws IOException {
        @Nullable SingleFileSnapshotInfo snapshot = storage.loadLatestSnapshot();
        snapshots.open(storage, snapshot == null ? RaftLog.INVALID_LOG_INDEX : snapshot.getIndex());
        if (snapshot == null) {
            return;
        }
        Path file = snapshot.getFile().getPath();
        // A store that lived on while Ratis was closed is as new as any snapshot of its own, but not as one that the leader sent.
        if (progress.index() < snapshot.getIndex()) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
                machine.restore(snapshots.sealer().snapshotFrom(in));
            }
        }
        snapshots.size(Files.size(file));
        setLastAppliedTermIndex(snapshot.getTermIndex());
        progress.reached(snapshot.getIndex());
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        if (!(request.getMessage() instanceof OwnEntry(var pending, var content))) {
            throw new StateMachineException("only the manager's own proposer writes", false);
        }
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setLogData(content)
                .setStateMachineContext(pending)
                .build();
    }

    /** Called under Ratis's lock: the term cannot change between this and the append. */
    @Override
    public TransactionContext preAppendTransaction(TransactionContext context) throws IOException {
        long term = getServer().join().getDivision(getGroupId()).getInfo().getCurrentTerm();
        if (context.getStateMachineContext() instanceof PendingEntry pending && pending.term() != term) {
            throw new StateMachineException(
                    "the entry is of term " + pending.term() + ", in force is term " + term, false);
        }
        return context;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext context) {
        LogEntryProto raftEntry = context.getLogEntry();
        try {
            PendingEntry own = context.getStateMachineContext() instanceof PendingEntry p ? p : null;
            LogEntry entry = own == null ? decode(raftEntry) : own.entry();
            boolean fresh = apply(entry);
            if (own != null && !fresh) {
                throw new IllegalStateException("own entry " + raftEntry.getIndex() + " has versions of others");
            }
            updateLastAppliedTermIndex(raftEntry.getTerm(), raftEntry.getIndex());
            progress.reached(raftEntry.getIndex());
            if (own != null) {
                applied.accept(own);
            }
            checks.entry(entry);
            snapshots.applied(getLastAppliedTermIndex());
            return CompletableFuture.completedFuture(Message.EMPTY);
        } catch (IOException | RuntimeException | Error e) {
            // Ratis ends the division after this; the cause would be lost in its log.
            events.logFailed(e);
            throw new IllegalStateException("cannot apply log entry " + raftEntry.getIndex(), e);
        }
    }

    /** Whether none of it was in the store already. */
    private synchronized boolean apply(LogEntry entry) {
        if (detached) {
            throw new IllegalStateException("this opening of the log is over");
        }
        boolean fresh = true;
        for (Transaction transaction : entry.getTransactionsList()) {
            if (machine.apply(transaction) == null) {
                fresh = false;
            } else {
                checks.transaction(machine.committed());
            }
        }
        return fresh;
    }

    /** Nothing is applied from here any more: the store has one writer, and the next opening is going to be it. */
    synchronized void detach() {
        detached = true;
    }

    private LogEntry decode(LogEntryProto entry) throws IOException {
        return snapshots.sealer().open(entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
    }

    /** Snapshots are taken elsewhere; this only says up to where there is one. */
    @Override
    public long takeSnapshot() {
        @Nullable SnapshotInfo latest = getLatestSnapshot();
        return latest == null ? RaftLog.INVALID_LOG_INDEX : latest.getIndex();
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return storage;
    }

    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        super.notifyTermIndexUpdated(term, index);
        progress.reached(index);
        snapshots.applied(TermIndex.valueOf(term, index));
    }

    @Override
    public void notifyLeaderReady() {
        events.leaderReady();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        events.leaderLost();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, @Nullable RaftPeerId leader) {
        events.leaderChanged();
    }

    @Override
    public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto changed) {
        ByteString self = getId().toByteString();
        boolean member = Stream.concat(changed.getPeersList().stream(), changed.getOldPeersList().stream())
                .anyMatch(peer -> peer.getId().equals(self));
        events.membersChanged(member);
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean all) {
        if (!all) {
            events.ended();
        }
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failed) {
        events.logFailed(cause);
    }

    /** What the proposer hands to Ratis: the bytes for the log, and the object that waits for them. */
    record OwnEntry(PendingEntry pending, ByteString content) implements Message {

        @Override
        public ByteString getContent() {
            return content;
        }
    }
}
