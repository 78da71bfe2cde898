package io.osmia.ca.internal.server;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.osmia.ca.JoinToken;
import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.Issuer;
import io.osmia.ca.internal.PrivateKeys;
import io.osmia.roles.Caller;
import io.osmia.store.Table;
import io.osmia.store.loop.Simulation;
import io.osmia.wire.swarmkit.Certificate;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.IssuanceStatus;
import io.osmia.wire.swarmkit.IssueNodeCertificateRequest;
import io.osmia.wire.swarmkit.IssueNodeCertificateResponse;
import io.osmia.wire.swarmkit.JoinTokens;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeCertificateStatusRequest;
import io.osmia.wire.swarmkit.NodeCertificateStatusResponse;
import io.osmia.wire.swarmkit.RootCA;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The services of a leader's CA on a virtual clock, with a cluster object, its tokens and its root. */
final class LeadingCa {

    static final Instant START = Instant.parse("2030-01-02T03:04:05Z");
    static final String CLUSTER = "cluster";
    static final long TERM = 1;
    static final RootCa ROOT = RootCa.create(START);
    static final String WORKER_TOKEN = JoinToken.of(ROOT, new byte[16]).toString();
    static final String MANAGER_TOKEN = WORKER_TOKEN.replaceAll(".$", "1");

    final Simulation simulation = new Simulation(START);
    final StatusCalls calls = new StatusCalls(simulation.store());
    final NodeCaService service;

    LeadingCa() {
        service = new NodeCaService(
                simulation.store(), TERM, new Enrollment(CLUSTER, simulation.ids()), calls, Runnable::run);
        simulation.add("calls", calls);
        simulation.store().update(TERM, tx -> tx.create(Table.CLUSTERS, Cluster.newBuilder()
                .setId(CLUSTER)
                .setVXLANUDPPort(4790)
                .setRootCa(rootCa(ROOT))
                .build()));
    }

    static RootCA rootCa(RootCa root) {
        return RootCA.newBuilder()
                .setCaCert(ByteString.copyFrom(root.certificatePem()))
                .setCaKey(ByteString.copyFrom(root.keyPem()))
                .setCaCertHash(root.hash())
                .setJoinTokens(JoinTokens.newBuilder().setWorker(WORKER_TOKEN).setManager(MANAGER_TOKEN))
                .build();
    }

    /** Adds the loop that signs with the cluster's own root. */
    LeadingCa signing() {
        return signing((authority, order, outcome) -> outcome.accept(new Outcome.Later("not reached")));
    }

    LeadingCa signing(Signing.Outside outside) {
        simulation.add("signing", new Signing(simulation.store(), TERM, CLUSTER, outside));
        return this;
    }

    static Caller stranger() {
        return new Caller("", "", "", "192.0.2.1:1", false);
    }

    static Caller node(String id, String role) {
        return new Caller(id, role, CLUSTER, "192.0.2.1:1", false);
    }

    Answer<IssueNodeCertificateResponse> issue(Caller caller, ByteString csr, String token) {
        return issue(caller, IssueNodeCertificateRequest.newBuilder().setCsr(csr).setToken(token).build());
    }

    Answer<IssueNodeCertificateResponse> issue(Caller caller, IssueNodeCertificateRequest request) {
        Answer<IssueNodeCertificateResponse> answer = new Answer<>();
        Context.current()
                .withValue(Caller.KEY, caller)
                .run(() -> service.issueNodeCertificate(request, answer));
        return answer;
    }

    /** Joins by token; the id that the new node has. */
    String join(String token) {
        return issue(stranger(), csr(), token).value().getNodeId();
    }

    Answer<NodeCertificateStatusResponse> status(String nodeId) {
        Answer<NodeCertificateStatusResponse> answer = new Answer<>();
        service.nodeCertificateStatus(
                NodeCertificateStatusRequest.newBuilder().setNodeId(nodeId).build(), answer);
        return answer;
    }

    Node node(String id) {
        return Objects.requireNonNull(simulation.store().view().get(Table.NODES, id), id);
    }

    Cluster cluster() {
        return Objects.requireNonNull(simulation.store().view().get(Table.CLUSTERS, CLUSTER));
    }

    Certificate certificate(String nodeId) {
        return node(nodeId).getCertificate();
    }

    IssuanceStatus.State state(String nodeId) {
        return certificate(nodeId).getStatus().getState();
    }

    /** The chain that a node was issued, leaf first. */
    List<X509Certificate> chain(String nodeId) {
        return Certificates.parse(certificate(nodeId).getCertificate().toByteArray());
    }

    void update(String nodeId, Consumer<Node.Builder> change) {
        simulation.store().update(TERM, tx -> {
            Node.Builder node = Objects.requireNonNull(tx.get(Table.NODES, nodeId)).toBuilder();
            change.accept(node);
            return tx.update(Table.NODES, node.build());
        });
    }

    void update(UnaryOperator<Cluster> change) {
        simulation.store()
                .update(TERM, tx -> tx.update(
                        Table.CLUSTERS, change.apply(Objects.requireNonNull(tx.get(Table.CLUSTERS, CLUSTER)))));
    }

    static ByteString csr() {
        return ByteString.copyFrom(Issuer.request(PrivateKeys.generate()));
    }
}
