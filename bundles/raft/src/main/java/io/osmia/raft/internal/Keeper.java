package io.osmia.raft.internal;

import io.osmia.raft.RaftConfig;
import io.osmia.raft.StateException;
import io.osmia.raft.internal.seal.Sealer;
import io.osmia.store.StoreException;
import io.osmia.store.StoreException.Reason;
import io.osmia.store.StoreMachine;
import io.osmia.wire.osmia.LogEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps Ratis open. One thread, fed by messages: Ratis's own threads only leave a message, since they hold its locks. When the
 * log failed (disk full, I/O error), Ratis is closed, and opened anew as soon as that works and there is space.
 */
final class Keeper {

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** What is so for a moment while leadership moves, or this manager is removed, is wrong when it lasts. */
    private static final Duration TOO_LONG = Duration.ofSeconds(5);

    private final RaftConfig config;
    private final RaftDirectory directory;
    private final RaftPort port;
    private final StoreMachine machine;
    private final FreeSpace space;
    private final Proposer proposer;
    private final SnapshotTaker snapshots;
    private final Sealer sealer;
    private final Notifier notifier;
    private final Progress progress;
    private final StateChecks checks;
    private final Confirmations confirmations;
    private final Openings openings;
    private final Leadership leadership = new Leadership();
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofPlatform().name("raft-keeper").daemon().unstarted(this::run);

    /** Why there is no opening. */
    private volatile @Nullable String down;

    /** No longer a member: nothing is opened any more. */
    private volatile boolean removed;

    private volatile boolean stopped;

    private volatile String doubt = "";

    /* Only on the thread, and before it starts. */
    private final Lasting ended = new Lasting(TOO_LONG, System::nanoTime);
    private final Lasting idle = new Lasting(TOO_LONG, System::nanoTime);
    private Duration pause = FIRST_PAUSE;
    private boolean closed;
    private boolean connected;

    /** Whether the next opening is one of a group of one that gets its port. */
    private boolean sole;

    private boolean wasMember;

    Keeper(RaftConfig config, StoreMachine machine, Notifier notifier) {
        this.config = config;
        this.directory = new RaftDirectory(config);
        this.port = new RaftPort(config);
        this.openings = new Openings(config);
        this.machine = machine;
        this.notifier = notifier;
        this.progress = new Progress(machine);
        this.checks = new StateChecks(config.limits().checkInterval(), this::leads, this::proposeCheck);
        this.space = new FreeSpace(
                RaftDirectory.of(config.stateDir()), config.limits().reservedBytes());
        this.confirmations = new Confirmations(this::askMajority, this::leadsIn);
        this.sealer = new Sealer(config.identity().clusterId(), config.logKeys(), config.missingKey());
        this.proposer = new Proposer(
                machine,
                config.clock(),
                space,
                this::append,
                confirmations,
                Thread::startVirtualThread,
                config.limits());
        this.snapshots = new SnapshotTaker(machine, sealer, space, config.limits(), this::purge);
    }

    Proposer proposer() {
        return proposer;
    }

    /** Opens for the first time. */
    void start() {
        directory.prepare();
        boolean forced = config.start() == RaftConfig.Start.FORCE_NEW;
        connected = !forced && directory.hasOthers();
        port.was(directory.formerPort());
        try {
            open();
            if (forced) {
                dropOthers();
            } else if (!connected && members().size() > 1) {
                // The log knows of others, and what was applied does not yet.
                connected = true;
                leave();
                open();
            }
        } catch (IOException | RuntimeException e) {
            throw new StateException(RaftDirectory.of(config.stateDir()), "cannot be opened: " + innermost(e), e);
        }
        thread.start();
    }

    private void dropOthers() throws IOException {
        RatisServer opened = openings.current();
        if (opened == null || members().size() == 1) {
            return;
        }
        long next = opened.nextIndex();
        long now = opened.term();
        LOG.warn("raft: a new cluster is forced from this manager's state; it had the members {}", members());
        leave();
        String api = config.addresses().api();
        RaftPeer self = RaftPeer.newBuilder()
                .setId(PeerName.of(config.identity()).peerId())
                .setAddress(api)
                .setClientAddress(api)
                .build();
        OnlyMember.append(directory.segments(), self, now, next);
        open();
    }

    private void open() throws IOException {
        int number = openings.next();
        ReplicatedMachine ratis = new ReplicatedMachine(
                machine, snapshots, progress, checks, proposer::applied, Event.of(number, events));
        RatisServer.Transport transport = connected ? port.transport(sole) : null;
        RatisServer.Owner owner = new RatisServer.Owner(
                (entry, cause) -> {
                    proposer.notAppended(entry);
                    events.add(new Event.EntryFailed(number, entry.term(), cause));
                },
                this::readIndex);
        RatisServer opened = openings.open(transport, ratis, owner);
        port.opened(opened);
        wasMember |= members().stream().anyMatch(peer -> peer.getId().equals(opened.members().self()));
        opened.dial(this::members);
        down = null;
    }

    /** Of the newest configuration in the log; none while it is not open. */
    List<RaftPeer> members() {
        RatisServer now = openings.current();
        try {
            return now == null ? List.of() : now.members().peers();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Host and port where other members reach this one; empty while it has no port. */
    String raftAddress() {
        return port.address();
    }

    /** Whether it has no port for others. */
    boolean alone() {
        return port.address().isEmpty();
    }

    Progress progress() {
        return progress;
    }

    /** Opens the port for others; done when that is so. Leadership, if there is any, is lost and won again. */
    CompletableFuture<Void> connect() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        events.add(new Event.Connect(done));
        return done;
    }

    /** Returns once this manager leads. */
    void awaitLeading(long seconds) throws InterruptedException, TimeoutException {
        leadership.await(seconds);
    }

    /** Leadership was to be moved, and was not: what was refused meanwhile must not be refused for ever. */
    void stayed() {
        events.add(new Event.Stayed());
    }

    StateChecks checks() {
        return checks;
    }

    /** Not on the thread that applies, which must not wait for Ratis. */
    private void proposeCheck() {
        long leading = leadership.term();
        LogEntry check = LogEntry.newBuilder()
                .setFormat(Records.ENTRY_FORMAT)
                .setCheck(StateChecks.of(machine.committed()))
                .build();
        if (leading != 0) {
            Thread.ofVirtual().name("raft-check").start(() -> append(PendingEntry.of(leading, check)));
        }
    }

    /** What is wrong with this copy of the state; empty when nothing is. */
    void doubt(String why) {
        doubt = why;
    }

    private void append(PendingEntry entry) {
        RatisServer to = openings.current();
        if (to == null) {
            events.add(new Event.EntryFailed(openings.newest(), entry.term(), new IOException("the log is not open")));
        } else {
            to.append(entry, sealer.seal(entry.entry()));
        }
    }

    private CompletableFuture<Long> askMajority() {
        RatisServer now = openings.current();
        return now == null
                ? CompletableFuture.failedFuture(new IOException("the log is not open"))
                : now.highestTerm();
    }

    /**
     * Up to where a member must have applied the log, to be as new as anything that was acknowledged before the call; fails when
     * this manager does not lead, or a majority does not confirm that.
     */
    CompletableFuture<Long> readIndex() {
        RatisServer now = openings.current();
        long leading = leadership.term();
        if (now == null || leading == 0) {
            return CompletableFuture.failedFuture(new IOException("this manager does not lead"));
        }
        try {
            long committed = now.commitIndex();
            return confirmations.leading(leading).thenApply(confirmed -> committed);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private boolean leadsIn(long of) {
        RatisServer now = openings.current();
        return of == leadership.term() && now != null && now.leadsIn(of);
    }

    private void purge(long index) {
        RatisServer of = openings.current();
        if (of != null) {
            of.purge(index);
        }
    }

    private void run() {
        while (!closed) {
            try {
                handleNext();
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) {
                // Top of the thread: without it nothing would ever be opened again.
                failed(e);
            }
        }
    }

    private void failed(Throwable e) {
        try {
            LOG.error("raft: the keeper failed, the log is opened anew", e);
            shut(e);
        } catch (Throwable again) {
            LOG.error("raft: the keeper failed to close the log, it is tried again", again);
        }
    }

    private void handleNext() throws InterruptedException {
        Duration wait = down == null ? LOOK_EVERY : pause;
        Event event = events.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        if (event != null) {
            handle(event);
        } else if (down == null) {
            look();
        } else {
            reopen();
        }
    }

    /** For what nobody tells. */
    private void look() {
        proposer.dismissLate();
        RatisServer now = openings.current();
        if (ended.look(now != null && !now.alive())) {
            shut(new IOException("Ratis ended by itself; its own messages say why"));
        } else if (idle.look(!leads() && now != null && now.members().leads())) {
            stepDownIfIdle();
        }
    }

    private void handle(Event event) {
        switch (event) {
            case Event.LeaderReady(int number) when openings.isNewest(number) -> lead();
            case Event.LeaderLost(int number) when openings.isNewest(number) -> lost();
            case Event.LogFailed(int number, Throwable cause) when openings.isNewest(number) -> shut(cause);
            case Event.EntryFailed(int number, long of, Throwable cause) when openings.isNewest(number) ->
                entryFailed(of, cause);
            case Event.LeaderChanged(int number) when openings.isNewest(number) -> notifier.membership();
            case Event.MembersChanged(int number, boolean member) when openings.isNewest(number) ->
                membersChanged(member);
            case Event.Ended(int number) when openings.isNewest(number) -> removed();
            case Event.Connect(CompletableFuture<Void> done) -> connect(done);
            case Event.Stayed() -> stepDownIfIdle();
            case Event.Close() -> closed = true;
            default -> LOG.debug("raft: {} is of a former opening", event);
        }
    }

    private void lead() {
        RatisServer of = openings.current();
        try {
            if (of == null) {
                return;
            }
            long leading = of.term();
            if (!of.leadsIn(leading) || !leadership.begin(leading)) {
                return;
            }
            pause = FIRST_PAUSE;
            proposer.lead(leading);
            LOG.info("raft: leading in term {}", leading);
            notifier.leadership(OptionalLong.of(leading));
            notifier.membership();
        } catch (IOException e) {
            shut(e);
        }
    }

    /** Of which term is not said: when it is a former one, this manager leads in a newer one already. */
    private void lost() {
        if (!leadsIn(leadership.term())) {
            lose(Reason.LOST_LEADERSHIP);
        }
    }

    private void lose(Reason reason) {
        if (leads()) {
            LOG.info("raft: no longer leading in term {}", leadership.term());
            notifier.membership();
        }
        leadership.end();
        proposer.lose(reason);
        notifier.leadership(OptionalLong.empty());
    }

    private void membersChanged(boolean member) {
        RatisServer now = openings.current();
        if (now == null) {
            return;
        }
        // An entry from the past tells nothing; the newest configuration counts.
        boolean isMember =
                member || members().stream().anyMatch(peer -> peer.getId().equals(now.members().self()));
        if (isMember) {
            wasMember = true;
        } else if (wasMember) {
            removed();
            return;
        }
        Thread.ofVirtual().name("raft-addresses").start(() -> now.dial(this::members));
        notifier.membership();
    }

    private void removed() {
        if (removed) {
            return;
        }
        LOG.info("raft: this manager is no longer a member of the cluster's raft group");
        removed = true;
        down = "this manager is no longer a member of the raft group";
        leave();
        notifier.removed();
        notifier.membership();
    }

    private void connect(CompletableFuture<Void> done) {
        RatisServer now = openings.current();
        if (now != null && !now.alone()) {
            done.complete(null);
            return;
        }
        if (down != null) {
            done.completeExceptionally(new IOException(down));
            return;
        }
        LOG.info("raft: opening the port for other managers");
        connected = true;
        sole = members().size() == 1;
        leave();
        try {
            open();
            done.complete(null);
        } catch (IOException | RuntimeException e) {
            connected = false;
            down = innermost(e);
            LOG.warn("raft: the port for other managers cannot be opened: {}", down);
            done.completeExceptionally(e);
        } finally {
            sole = false;
        }
    }

    /** Ratis leads, but an entry was refused, and so nothing is written: only the next term begins anew. */
    private void stepDownIfIdle() {
        RatisServer now = openings.current();
        if (leads() || now == null || !now.members().leads()) {
            return;
        }
        try {
            now.members().transfer(null, config.limits().closeTimeout().toMillis());
        } catch (IOException e) {
            shut(e);
        }
    }

    /** An entry fails because leadership is lost, which Ratis also says; otherwise something is wrong with the log. */
    private void entryFailed(long of, Throwable cause) {
        if (of != leadership.term() || down != null) {
            return;
        }
        lose(Reason.LOST_LEADERSHIP);
        RatisServer now = openings.current();
        // While leadership is being moved, Ratis takes no entries, and still leads.
        if (now != null && now.leadsIn(of) && !(cause instanceof LeaderSteppingDownException)) {
            shut(cause);
        }
    }

    private void shut(Throwable cause) {
        if (down != null) {
            return;
        }
        LOG.error("raft: the log failed, writes are refused until it can be opened anew: {}", innermost(cause));
        down = innermost(cause);
        leave();
    }

    /** Ends the current opening. */
    private void leave() {
        lose(Reason.LOST_LEADERSHIP);
        snapshots.close(config.limits().closeTimeout().toMillis());
        openings.detach();
        openings.close();
    }

    private void reopen() {
        if (down == null || closed() || space.low() || !openings.folderIsFree()) {
            return;
        }
        try {
            if (openings.current() != null) {
                // Something failed before it was left.
                leave();
            }
            directory.check();
            directory.rewriteOpenSegment();
            open();
            LOG.info("raft: the log is open again");
        } catch (IOException | RuntimeException e) {
            down = innermost(e);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            LOG.warn("raft: the log cannot be opened yet, next try in {} s: {}", pause.toSeconds(), down);
        }
    }

    private static String innermost(Throwable e) {
        Throwable at = e;
        while (at.getCause() != null && at.getCause() != at) {
            at = at.getCause();
        }
        return at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
    }

    /** The current opening of Ratis. */
    @Nullable
    RatisServer server() {
        return openings.current();
    }

    boolean leads() {
        return leadership.leads();
    }

    /** Why writes are refused; null when they are taken. */
    @Nullable
    String trouble() {
        String reason = down;
        if (removed) {
            return reason;
        }
        if (reason != null) {
            return "the raft log failed: " + reason + "; it is opened again as soon as that is cured";
        }
        if (space.low()) {
            return Reason.NO_SPACE.text();
        }
        if (!doubt.isEmpty()) {
            return doubt;
        }
        return leaderKnown() ? null : "raft: no leader";
    }

    /** On a follower writes are for the leader. */
    private boolean leaderKnown() {
        RatisServer now = openings.current();
        try {
            return leads() || (now != null && !now.alone() && now.members().leader() != null);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether it is closed, or no longer a member: nothing comes any more. */
    boolean closed() {
        return stopped || removed;
    }

    void close() {
        stopped = true;
        openings.end();
        Duration atMost = config.limits().closeTimeout();
        sealer.close();
        events.add(new Event.Close());
        try {
            if (thread.isAlive() && !thread.join(atMost)) {
                LOG.warn("raft: the keeper is still busy after {} s, left behind", atMost.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lose(Reason.STOPPED);
        snapshots.close(atMost.toMillis());
        openings.close();
        progress.end(new StoreException(Reason.STOPPED));
    }
}
