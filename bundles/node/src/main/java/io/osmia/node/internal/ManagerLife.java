package io.osmia.node.internal;

import io.osmia.ca.LogKeyFetcher;
import io.osmia.ca.NodeCertificates;
import io.osmia.raft.RaftNode;
import io.osmia.raft.StateCopy;
import io.osmia.roles.Endpoints;
import io.osmia.roles.Leadership;
import io.osmia.roles.ManagerRole;
import io.osmia.roles.MemberChanges;
import io.osmia.roles.Membership;
import io.osmia.roles.Membership.Member;
import io.osmia.roles.MembershipException;
import io.osmia.roles.ReadBarrier;
import io.osmia.roles.Readiness;
import io.osmia.roles.Remotes;
import io.osmia.roles.RootKeyMaterial;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.wire.osmia.JoinRequest;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node as a manager: the replicated store and the roles that stand on it, as services. A node may be one several times
 * in a row, each with a number of its own. Used by the node's thread alone.
 */
final class ManagerLife implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ManagerLife.class);

    private record Role(String nodeId, String clusterId) implements ManagerRole {}

    private record Lead(long term) implements Leadership {}

    private final int number;
    private final RaftNode raft;
    private final long raftId;
    private final NodeCertificates certificates;
    private final Remotes remotes;
    private final RoleServices roles;
    private final RoleServices leadership;
    private @Nullable Joining joining;

    private ManagerLife(
            int number,
            RaftNode raft,
            long raftId,
            NodeCertificates certificates,
            Remotes remotes,
            BundleContext context) {
        this.number = number;
        this.raft = raft;
        this.raftId = raftId;
        this.certificates = certificates;
        this.remotes = remotes;
        this.roles = new RoleServices(context);
        this.leadership = new RoleServices(context);
    }

    /** Takes over the raft node: closes it with itself. */
    static ManagerLife begin(
            int number,
            RaftNode raft,
            long raftId,
            NodeCertificates certificates,
            Remotes remotes,
            BundleContext context,
            Consumer<Event> events) {
        ManagerLife life = new ManagerLife(number, raft, raftId, certificates, remotes, context);
        life.listen(events);
        life.hold();
        return life;
    }

    private void listen(Consumer<Event> events) {
        roles.follow(
                Endpoints.class, endpoints -> events.accept(new Event.Bound(number, endpoints.remoteAddress())));
        raft.onFatal(why -> events.accept(new Event.Failed(why)));
        raft.onRemoved(() -> events.accept(new Event.Removed(number)));
        raft.onLeadership(term -> events.accept(new Event.Led(number, term)));
    }

    private void hold() {
        roles.hold(RootKeyMaterial.class, certificates.rootKeyMaterial());
        roles.hold(Membership.class, raft);
        roles.hold(MemberChanges.class, raft);
        roles.hold(ReadBarrier.class, raft);
        roles.hold(Readiness.class, raft);
        roles.hold(StateCopy.class, raft);
        roles.hold(Store.class, raft);
        roles.hold(ManagerRole.class, new Role(certificates.nodeId(), certificates.clusterId()));
    }

    boolean is(int life) {
        return number == life;
    }

    /** The listeners are bound: the other managers must know this one by the address. */
    void bound(String address) {
        raft.advertise(address);
        if (raft.joined()) {
            return;
        }
        stopJoining();
        JoinRequest request = JoinRequest.newBuilder()
                .setRaftId(raftId)
                .setAddress(address)
                .setRaftAddress(raft.raftAddress())
                .build();
        LogKeyFetcher keys = new LogKeyFetcher(certificates.channels(), remotes, certificates.logKeys());
        joining = new Joining(certificates.nodeId(), certificates.channels(), remotes, request, keys::fetch).start();
    }

    /** Leadership won in a term, or lost. The former one is gone before the next one comes. */
    void led(OptionalLong term, Consumer<RaftNode> found) {
        leadership.close();
        if (term.isPresent()) {
            LOG.info("node: leads the cluster in term {}", term.getAsLong());
            found.accept(raft);
            leadership.hold(Leadership.class, new Lead(term.getAsLong()));
        }
    }

    /** Whether the cluster object is missing in the store of a leader. */
    static boolean unfounded(RaftNode raft) {
        return raft.view().count(Table.CLUSTERS) == 0;
    }

    /** Hands leadership over first, so that the others need no election. */
    private void handOver() {
        boolean leads = raft.leader().map(Member::raftId).filter(id -> id == raftId).isPresent();
        if (!leads || raft.members().size() < 2) {
            return;
        }
        try {
            raft.transferLeadership(OptionalLong.empty());
        } catch (MembershipException e) {
            LOG.warn("node: stops while it leads, the others will elect: {}", e.getMessage());
        }
    }

    private void stopJoining() {
        Joining running = joining;
        joining = null;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public void close() {
        stopJoining();
        handOver();
        leadership.close();
        roles.close();
        raft.close();
    }
}
