package io.osmia.raft.internal;

import io.osmia.raft.RaftConfig;
import io.osmia.raft.internal.ReplicatedMachine.OwnEntry;
import java.io.IOException;
import io.osmia.raft.internal.transport.Peers;
import io.osmia.raft.internal.transport.TlsTransport;
import io.osmia.roles.Credentials;
import io.osmia.roles.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One opening of Ratis on the raft folder, from start to close. */
final class RatisServer {

    private static final Logger LOG = LoggerFactory.getLogger(RatisServer.class);

    /** For one question to another member; a majority that is well answers in a thousandth of it. */
    private static final long PATIENCE_MILLIS = 1_000;

    private static final IOException ALONE = new IOException("without a port nobody else is reached");

    private final RaftServer server;
    private final RaftGroupId group;
    private final RaftPeerId self;
    private final BiConsumer<PendingEntry, Throwable> failed;
    private final ClientId writer = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    /** Null when it has nobody to talk to, and no port. */
    private final @Nullable Peers peers;
    private final RatisGroup members;
    private final PeerAddresses addresses;
    private volatile boolean closed;

    private RatisServer(
            RaftServer server,
            RaftGroupId group,
            RaftPeerId self,
            @Nullable Peers peers,
            BiConsumer<PendingEntry, Throwable> failed) {
        this.server = server;
        this.group = group;
        this.self = self;
        this.peers = peers;
        this.failed = failed;
        this.members = new RatisGroup(server, group, self);
        this.addresses = new PeerAddresses(server);
    }

    /**
     * How a member is reached by others.
     *
     * @param listen where to listen; port 0 for any free one
     * @param sole whether there are no others as yet
     */
    record Transport(HostPort listen, Credentials credentials, boolean sole) {}

    /**
     * What an opening tells, and is asked by other members.
     *
     * @param failed told of each entry that was not committed, on any thread, possibly with Ratis's locks held
     * @param readIndex the read index, when this member leads; fails otherwise
     */
    record Owner(BiConsumer<PendingEntry, Throwable> failed, Supplier<CompletableFuture<Long>> readIndex) {}

    /**
     * @param transport how to reach others; without it, and without a port, when it is null
     */
    static RatisServer start(
            RaftConfig config, @Nullable Transport transport, ReplicatedMachine machine, Owner owner)
            throws IOException {
        try {
            return RatisRuntime.run(() -> {
                RatisServer built = build(config, transport, machine, owner);
                built.startOrClose(config.limits().closeTimeout());
                return built;
            });
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static RatisServer build(
            RaftConfig config, @Nullable Transport transport, ReplicatedMachine machine, Owner owner)
            throws IOException {
        RaftPeerId self = PeerName.of(config.identity()).peerId();
        RaftGroupId group = RaftGroupId.valueOf(GroupIds.of(config.identity().clusterId()));
        RaftServer.Builder builder = RaftServer.newBuilder()
                .setServerId(self)
                .setGroup(RaftGroup.valueOf(group, founders(config, self)))
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setStateMachine(machine)
                .setProperties(properties(config, transport));
        if (transport == null) {
            return new RatisServer(builder.build(), group, self, null, owner.failed());
        }
        builder.setParameters(
                TlsTransport.parameters(transport.credentials(), config.excluded(), owner.readIndex()));
        Peers peers = new Peers(transport.credentials(), config.excluded(), PATIENCE_MILLIS);
        return new RatisServer(builder.build(), group, self, peers, owner.failed());
    }

    /** Counts only as long as nothing is on disk. */
    private static List<RaftPeer> founders(RaftConfig config, RaftPeerId self) {
        if (!IdentityFile.of(config.stateDir()).founder()) {
            return List.of();
        }
        String api = config.addresses().api();
        return List.of(RaftPeer.newBuilder()
                .setId(self)
                .setAddress(api)
                .setClientAddress(api)
                .build());
    }

    private static RaftProperties properties(RaftConfig config, @Nullable Transport transport) {
        Path folder = RaftDirectory.of(config.stateDir());
        return transport == null
                ? RaftSettings.alone(folder)
                : RaftSettings.clustered(folder, transport.listen(), transport.sole());
    }

    private void startOrClose(Duration closeTimeout) throws IOException {
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            close(closeTimeout);
            throw e;
        }
    }

    /** Appends; returns when the entry has its place in the log, which is not yet on disk. */
    void append(PendingEntry entry, byte[] record) {
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(writer)
                .setServerId(self)
                .setGroupId(group)
                .setCallId(calls.incrementAndGet())
                .setMessage(new OwnEntry(entry, UnsafeByteOperations.unsafeWrap(record)))
                .setType(RaftClientRequest.writeRequestType())
                .build();
        try {
            appender().submitClientRequestAsync(request).whenComplete((reply, e) -> settled(entry, reply, e));
        } catch (IOException | RuntimeException e) {
            failed.accept(entry, cause(e));
        }
    }

    /** The division itself: the server would pass it on to a thread of its own and wait for that. */
    private RaftClientAsynchronousProtocol appender() throws IOException {
        return (RaftClientAsynchronousProtocol) server.getDivision(group);
    }

    private void settled(PendingEntry entry, @Nullable RaftClientReply reply, @Nullable Throwable e) {
        if (e != null) {
            failed.accept(entry, cause(e));
        } else if (reply != null && !reply.isSuccess()) {
            failed.accept(entry, reply.getException());
        }
    }

    private static Throwable cause(Throwable e) {
        return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    }

    /** Whether it has not ended by itself. */
    boolean alive() {
        try {
            return server.getDivision(group).getInfo().isAlive();
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** Whether Ratis itself thinks that it leads in this term. */
    boolean leadsIn(long term) {
        try {
            DivisionInfo info = server.getDivision(group).getInfo();
            return info.isLeaderReady() && info.getCurrentTerm() == term;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** The current term. */
    long term() throws IOException {
        return server.getDivision(group).getInfo().getCurrentTerm();
    }

    /** Index of the newest entry that is known to be committed. */
    long commitIndex() throws IOException {
        return server.getDivision(group).getRaftLog().getLastCommittedIndex();
    }

    /** The highest term that a majority knows, after the call; fails when too few answer. */
    CompletableFuture<Long> highestTerm() {
        try {
            RaftServer.Division division = server.getDivision(group);
            Peers others = peers;
            return TermPoll.of(
                    division.getRaftConf(),
                    self,
                    division.getInfo().getCurrentTerm(),
                    peer -> others == null ? CompletableFuture.failedFuture(ALONE) : others.term(peer));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What the leader says is its read index; fails when nobody leads for all this member knows. */
    CompletableFuture<Long> leadersReadIndex() {
        return leaders(Peers::readIndex);
    }

    /** What the leader says is its commit index, which it tells Ratis here, too; fails like the read index. */
    CompletableFuture<Long> leadersCommitIndex() {
        return leaders(Peers::commitIndex);
    }

    private CompletableFuture<Long> leaders(BiFunction<Peers, RaftPeer, CompletableFuture<Long>> index) {
        try {
            RaftServer.Division division = server.getDivision(group);
            RaftPeerId leads = division.getInfo().getLeaderId();
            RaftPeer leader = leads == null ? null : division.getRaftConf().getPeer(leads);
            Peers others = peers;
            return leader == null || others == null || self.equals(leads)
                    ? CompletableFuture.failedFuture(new IOException("the leader is not known"))
                    : index.apply(others, leader);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Index of the next entry of the log. */
    long nextIndex() throws IOException {
        return server.getDivision(group).getRaftLog().getNextIndex();
    }

    RatisGroup members() {
        return members;
    }

    /** Whether it has nobody to talk to, and no port. */
    boolean alone() {
        return peers == null;
    }

    /** The port that is bound; 0 when it is alone. */
    int port() {
        return alone() ? 0 : server.getServerRpc().getInetSocketAddress().getPort();
    }

    /**
     * From now on members are dialed at these addresses. Takes its time when one has moved.
     *
     * @param members asked when it is this call's turn, so that what is newest comes last
     */
    synchronized void dial(Supplier<? extends Collection<RaftPeer>> members) {
        Collection<RaftPeer> now = members.get();
        addresses.are(now);
        if (peers != null) {
            peers.are(now);
        }
    }

    /** Drops log segments that lie wholly before an entry and its preserved tail. */
    void purge(long index) {
        try {
            server.getDivision(group).getRaftLog().purge(index);
        } catch (IOException | RuntimeException e) {
            LOG.warn("raft: log entries up to {} stay on disk: {}", index, e.toString());
        }
    }

    /** Whether it has let go of the folder. */
    boolean closed() {
        return closed;
    }

    /** Closes, but does not wait longer than this: Ratis itself would wait for a day. */
    void close(Duration atMost) {
        Thread closer = Thread.ofPlatform().name("raft-close").daemon().start(this::closeServer);
        try {
            if (!closer.join(atMost)) {
                LOG.warn("raft: Ratis is still closing after {} s, left behind", atMost.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeServer() {
        try {
            if (peers != null) {
                peers.close();
            }
            server.close();
        } catch (IOException | RuntimeException e) {
            LOG.warn("raft: closing Ratis failed: {}", e.toString());
        } finally {
            closed = true;
        }
    }
}
