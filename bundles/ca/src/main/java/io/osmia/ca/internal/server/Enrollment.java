package io.osmia.ca.internal.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.osmia.roles.Caller;
import io.osmia.roles.Credentials;
import io.osmia.roles.Ids;
import io.osmia.store.StoreException;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.Certificate;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.IssuanceStatus;
import io.osmia.wire.swarmkit.IssueNodeCertificateRequest;
import io.osmia.wire.swarmkit.IssueNodeCertificateResponse;
import io.osmia.wire.swarmkit.JoinTokens;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import java.security.MessageDigest;

/** Puts a request for a certificate on a node object, an old one or a new one (rules 7.7.3 to 7.7.5). */
final class Enrollment {

    /** No signing request of a supported key comes near it. */
    static final int GREATEST_REQUEST = 64 * 1024;

    private static final int ATTEMPTS = 4;

    private final String clusterId;
    private final Ids ids;

    Enrollment(String clusterId, Ids ids) {
        this.clusterId = clusterId;
        this.ids = ids;
    }

    /**
     * One request, in a transaction.
     *
     * @throws io.grpc.StatusRuntimeException when it is refused
     * @throws StoreException EXISTS when no free id was found
     */
    IssueNodeCertificateResponse enroll(Tx tx, Caller caller, IssueNodeCertificateRequest request) {
        check(request);
        Cluster cluster = tx.get(Table.CLUSTERS, clusterId);
        if (cluster == null) {
            throw Refusals.starting();
        }
        if (isNodeOf(cluster, caller)) {
            return renew(tx, caller.nodeId(), request.getCsr());
        }
        return join(tx, cluster, role(cluster.getRootCa().getJoinTokens(), request.getToken()), request);
    }

    private static void check(IssueNodeCertificateRequest request) {
        if (request.getCsr().isEmpty() || request.getAvailability() == NodeSpec.Availability.UNRECOGNIZED) {
            throw Refusals.invalidArgument();
        }
        if (request.getCsr().size() > GREATEST_REQUEST) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("the signing request has " + request.getCsr().size() + " bytes; at most "
                            + GREATEST_REQUEST + " are taken")
                    .asRuntimeException();
        }
    }

    /** Also one whose certificate has ended: who is let in with it may renew. */
    private boolean isNodeOf(Cluster cluster, Caller caller) {
        if (caller.local()) {
            return true;
        }
        boolean node = caller.role().equals(Credentials.WORKER_NAME) || caller.role().equals(Credentials.MANAGER_NAME);
        return node
                && caller.organization().equals(clusterId)
                && !cluster.containsBlacklistedCertificates(caller.nodeId());
    }

    /** With the role that the node object has, not the one that it will have. */
    private static IssueNodeCertificateResponse renew(Tx tx, String nodeId, ByteString csr) {
        Node node = tx.get(Table.NODES, nodeId);
        if (node == null) {
            throw Status.NOT_FOUND
                    .withDescription("node " + nodeId + " not found when attempting to renew certificate")
                    .asRuntimeException();
        }
        Node asking = node.toBuilder()
                .setCertificate(request(nodeId, csr, node.getRole(), IssuanceStatus.State.RENEW))
                .build();
        return answer(tx.update(Table.NODES, asking));
    }

    private IssueNodeCertificateResponse join(
            Tx tx, Cluster cluster, NodeRole role, IssueNodeCertificateRequest request) {
        String nodeId = freeId(tx);
        Node asking = Node.newBuilder()
                .setId(nodeId)
                .setRole(role)
                .setCertificate(request(nodeId, request.getCsr(), role, IssuanceStatus.State.PENDING))
                .setSpec(NodeSpec.newBuilder()
                        .setDesiredRole(role)
                        .setMembership(NodeSpec.Membership.ACCEPTED)
                        .setAvailability(request.getAvailability()))
                .setVXLANUDPPort(cluster.getVXLANUDPPort())
                .build();
        return answer(tx.create(Table.NODES, asking));
    }

    private String freeId(Tx tx) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            String id = ids.next();
            if (tx.get(Table.NODES, id) == null) {
                return id;
            }
        }
        throw new StoreException(StoreException.Reason.EXISTS);
    }

    private static Certificate request(String nodeId, ByteString csr, NodeRole role, IssuanceStatus.State state) {
        return Certificate.newBuilder()
                .setCn(nodeId)
                .setCsr(csr)
                .setRole(role)
                .setStatus(IssuanceStatus.newBuilder().setState(state))
                .build();
    }

    private static IssueNodeCertificateResponse answer(Node node) {
        return IssueNodeCertificateResponse.newBuilder()
                .setNodeId(node.getId())
                .setNodeMembership(node.getSpec().getMembership())
                .build();
    }

    /** Both are compared always, so that the time taken says nothing. */
    private static NodeRole role(JoinTokens tokens, String shown) {
        boolean manager = matches(tokens.getManager(), shown);
        boolean worker = matches(tokens.getWorker(), shown);
        if (manager) {
            return NodeRole.MANAGER;
        }
        if (worker) {
            return NodeRole.WORKER;
        }
        throw Status.INVALID_ARGUMENT
                .withDescription("A valid join token is necessary to join this cluster")
                .asRuntimeException();
    }

    private static boolean matches(String token, String shown) {
        return !token.isEmpty() && MessageDigest.isEqual(token.getBytes(UTF_8), shown.getBytes(UTF_8));
    }
}
