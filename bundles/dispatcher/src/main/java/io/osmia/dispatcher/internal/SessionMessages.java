package io.osmia.dispatcher.internal;

import io.osmia.roles.Membership;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Peer;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.WeightedPeer;
import java.util.List;

/** What every session message carries (rule 6.4.5). Belongs to the dispatcher's loop. */
final class SessionMessages {

    private static final int WEIGHT = 10;

    private final String clusterId;
    private final Membership membership;
    private List<WeightedPeer> managers;

    SessionMessages(String clusterId, Membership membership) {
        this.clusterId = clusterId;
        this.membership = membership;
        this.managers = read();
    }

    /** Reads the list of managers again. */
    void managersChanged() {
        managers = read();
    }

    private List<WeightedPeer> read() {
        return membership.members().stream()
                .map(member -> WeightedPeer.newBuilder()
                        .setPeer(Peer.newBuilder().setNodeId(member.nodeId()).setAddr(member.address()))
                        .setWeight(WEIGHT)
                        .build())
                .toList();
    }

    SessionMessage message(View view, String nodeId, String sessionId) {
        SessionMessage.Builder message =
                SessionMessage.newBuilder().setSessionId(sessionId).addAllManagers(managers);
        Node node = view.get(Table.NODES, nodeId);
        if (node != null) {
            message.setNode(node);
        }
        Cluster cluster = view.get(Table.CLUSTERS, clusterId);
        if (cluster != null) {
            message.addAllNetworkBootstrapKeys(cluster.getNetworkBootstrapKeysList());
            message.setRootCA(cluster.getRootCa().getCaCert());
        }
        return message.build();
    }
}
