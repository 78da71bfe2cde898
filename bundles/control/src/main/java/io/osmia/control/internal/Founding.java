package io.osmia.control.internal;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Durations;
import io.osmia.control.internal.rules.ClusterRules;
import io.osmia.roles.Credentials;
import io.osmia.roles.RootKeyMaterial;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.Certificate;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.ClusterSpec;
import io.osmia.wire.swarmkit.IssuanceStatus;
import io.osmia.wire.swarmkit.JoinTokens;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.RaftConfig;
import io.osmia.wire.swarmkit.RootCA;
import java.util.Locale;

/**
 * The first objects of a cluster (rules 0.5, 0.6 and 1.8.4). What exists is left alone, so that doing it again changes
 * nothing.
 */
final class Founding {

    private final String clusterId;
    private final String nodeId;
    private final String availability;
    private final RootKeyMaterial root;

    /** @param availability as in {@link io.osmia.roles.NodeSettings#availability} */
    Founding(String clusterId, String nodeId, String availability, RootKeyMaterial root) {
        this.clusterId = clusterId;
        this.nodeId = nodeId;
        this.availability = availability;
        this.root = root;
    }

    /**
     * Creates what is missing.
     *
     * @return the cluster id
     * @throws IllegalStateException when there is no cluster and this node holds no root key to found one with
     */
    String carryOut(Tx tx) {
        if (tx.get(Table.CLUSTERS, clusterId) == null) {
            tx.create(Table.CLUSTERS, cluster());
        }
        if (tx.get(Table.NODES, nodeId) == null) {
            tx.create(Table.NODES, node());
        }
        return clusterId;
    }

    private Cluster cluster() {
        if (root.keyPem().length == 0) {
            throw new IllegalStateException("there is no cluster " + clusterId
                    + " in the store and no root key on node " + nodeId + " to found it with");
        }
        Cluster.Builder cluster = Cluster.newBuilder()
                .setId(clusterId)
                .setSpec(spec())
                .setRootCa(RootCA.newBuilder()
                        .setCaCert(ByteString.copyFrom(root.certPem()))
                        .setCaKey(ByteString.copyFrom(root.keyPem()))
                        .setCaCertHash(root.hash())
                        .setJoinTokens(JoinTokens.newBuilder()
                                .setWorker(root.workerToken())
                                .setManager(root.managerToken())));
        if (root.unlockKey().length > 0) {
            cluster.getSpecBuilder().getEncryptionConfigBuilder().setAutoLockManagers(true);
            cluster.addUnlockKeysBuilder().setSubsystem(Credentials.MANAGER_NAME)
                    .setKey(ByteString.copyFrom(root.unlockKey()));
        }
        return cluster.build();
    }

    /** The defaults of rule 1.8.4. */
    private static ClusterSpec spec() {
        ClusterSpec.Builder spec = ClusterSpec.newBuilder();
        spec.getAnnotationsBuilder().setName(ClusterRules.NAME);
        spec.getOrchestrationBuilder().setTaskHistoryRetentionLimit(5);
        spec.getDispatcherBuilder().setHeartbeatPeriod(Durations.fromSeconds(5));
        spec.getCaConfigBuilder().setNodeCertExpiry(Durations.fromHours(2160));
        spec.setRaft(RaftConfig.newBuilder()
                .setSnapshotInterval(10_000)
                .setLogEntriesForSlowFollowers(500)
                .setHeartbeatTick(1)
                .setElectionTick(10));
        return spec.build();
    }

    private Node node() {
        return Node.newBuilder()
                .setId(nodeId)
                .setRole(NodeRole.MANAGER)
                .setSpec(NodeSpec.newBuilder()
                        .setDesiredRole(NodeRole.MANAGER)
                        .setMembership(NodeSpec.Membership.ACCEPTED)
                        .setAvailability(NodeSpec.Availability.valueOf(availability.toUpperCase(Locale.ROOT))))
                .setCertificate(Certificate.newBuilder()
                        .setCn(nodeId)
                        .setRole(NodeRole.MANAGER)
                        .setStatus(IssuanceStatus.newBuilder().setState(IssuanceStatus.State.ISSUED))
                        .setCertificate(ByteString.copyFrom(root.nodeCertificatePem())))
                .build();
    }
}
