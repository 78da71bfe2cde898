package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.osmia.roles.Credentials;
import io.osmia.wire.MethodRoles;
import io.osmia.wire.osmia.OsmiaProto;
import io.osmia.wire.swarmkit.CaProto;
import io.osmia.wire.swarmkit.ControlProto;
import io.osmia.wire.swarmkit.DispatcherProto;
import io.osmia.wire.swarmkit.HealthProto;
import io.osmia.wire.swarmkit.LogbrokerProto;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.RaftProto;
import io.osmia.wire.swarmkit.ResourceProto;
import io.osmia.wire.swarmkit.WatchProto;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rule 7.9: every method of every service, with every kind of caller. */
@DisplayName("MGR-001, MGR-002, CA-024")
class AuthorizationTableTest {

    private static final String PEER =
            "Permission denied: unauthorized peer role: rpc error: code = PermissionDenied desc = ";
    private static final String FORWARDER =
            "Permission denied: unauthorized forwarder role: rpc error: code = PermissionDenied desc = ";
    private static final String NO_CERTIFICATE = "no client certificates in request";
    private static final String DEMOTED =
            "Permission denied: node demoted was demoted: its certificate still says manager,"
                    + " the cluster has it as a worker";
    private static final String WORKER = Credentials.WORKER_NAME;
    private static final String MANAGER = Credentials.MANAGER_NAME;
    private static final String CLUSTER = ListenerFixture.CLUSTER;

    /** All there are. */
    private static final Map<String, MethodRoles> METHODS = methods();

    @TempDir
    static Path state;

    private static ListenerFixture node;

    private static Map<String, MethodRoles> methods() {
        Map<String, MethodRoles> methods = new TreeMap<>();
        List<FileDescriptor> files = List.of(
                CaProto.getDescriptor(),
                ControlProto.getDescriptor(),
                DispatcherProto.getDescriptor(),
                HealthProto.getDescriptor(),
                LogbrokerProto.getDescriptor(),
                RaftProto.getDescriptor(),
                ResourceProto.getDescriptor(),
                WatchProto.getDescriptor(),
                OsmiaProto.getDescriptor());
        files.stream()
                .flatMap(file -> file.getServices().stream())
                .flatMap(service -> service.getMethods().stream())
                .map(method -> method.getService().getFullName() + "/" + method.getName())
                .forEach(name -> methods.put(name, MethodRoles.of(name).orElseThrow()));
        return methods;
    }

    @BeforeAll
    static void start() throws Exception {
        node = new ListenerFixture(state).start();
        node.services.addStore(new BlacklistingStore("removedmanager")
                .with(object("demoted", NodeRole.WORKER, NodeRole.WORKER))
                .with(object("goingup", NodeRole.MANAGER, NodeRole.WORKER))
                .with(object("goingdown", NodeRole.WORKER, NodeRole.MANAGER)));
    }

    private static Node object(String id, NodeRole desired, NodeRole role) {
        return Node.newBuilder()
                .setId(id)
                .setRole(role)
                .setSpec(NodeSpec.newBuilder().setDesiredRole(desired))
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    /** How the call is refused, if it is not allowed; who may call gets some other answer, for nobody serves here. */
    private static Optional<String> refusal(Channel channel, String method) {
        MethodDescriptor<byte[], byte[]> raw = MethodDescriptor.newBuilder(Bytes.AS_THEY_ARE, Bytes.AS_THEY_ARE)
                .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                .setFullMethodName(method)
                .build();
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS);
        try {
            ClientCalls.blockingServerStreamingCall(channel, raw, options, new byte[0])
                    .forEachRemaining(answer -> {});
            return Optional.empty();
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.PERMISSION_DENIED
                    ? Optional.ofNullable(e.getStatus().getDescription())
                    : Optional.empty();
        }
    }

    /** @param expected the refusal of a method, null when it is allowed */
    private static void everyMethod(Channel channel, Function<MethodRoles, String> expected) {
        Map<String, String> wanted = new TreeMap<>();
        Map<String, String> told = new TreeMap<>();
        METHODS.forEach((method, roles) -> {
            wanted.put(method, String.valueOf(expected.apply(roles)));
            told.put(method, refusal(channel, method).orElse("null"));
        });
        assertThat(told).isEqualTo(wanted);
    }

    /** The bootstrap calls are open; the others are refused with this text. */
    private static Function<MethodRoles, String> onlyOpen(String text) {
        return method -> method.insecure() ? null : text;
    }

    /** As the table says; a missing role is told with this text before the list of roles. */
    private static Function<MethodRoles, String> asListed(String role, String text) {
        return method -> method.allows(role) ? null : text + "[" + String.join(" ", method.roles()) + "]";
    }

    private static Channel certificate(String nodeId, String role, String organization) throws Exception {
        return node.withCertificate(nodeId, role, organization);
    }

    private static Channel claiming(Channel channel, String nodeId, String organization, String role) {
        Metadata headers = new Metadata();
        headers.put(key("forwarded_cert"), "true");
        headers.put(key("forwarded_cert_cn"), nodeId);
        headers.put(key("forwarded_cert_org"), organization);
        headers.put(key("forwarded_cert_ou"), role);
        headers.put(key("remote_addr"), "10.1.2.3:4");
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    @Test
    void thereAreMethodsOfEachKind() {
        assertThat(METHODS).hasSizeGreaterThan(60);
        assertThat(METHODS.values().stream().filter(MethodRoles::insecure)).hasSize(3);
        assertThat(METHODS.values().stream().filter(method -> method.allows(WORKER) && !method.insecure()))
                .hasSizeGreaterThan(8);
    }

    @Test
    void withoutACertificate() throws Exception {
        everyMethod(node.anonymous(), onlyOpen(PEER + NO_CERTIFICATE));
    }

    @Test
    void aWorker() throws Exception {
        everyMethod(
                node.worker(),
                asListed(WORKER, PEER + "Permission denied: remote certificate not part of OUs: "));
    }

    @Test
    void aManager() throws Exception {
        everyMethod(node.manager(), asListed(MANAGER, "a manager may do everything"));
    }

    @Test
    void aManagerOfAnotherCluster() throws Exception {
        everyMethod(
                certificate("stranger", MANAGER, "othercluster"),
                onlyOpen(PEER + "Permission denied: remote certificate not part of organization: othercluster"));
    }

    @Test
    void aRemovedManager() throws Exception {
        everyMethod(
                certificate("removedmanager", MANAGER, CLUSTER),
                onlyOpen(PEER + "Permission denied: node removedmanager was removed from swarm"));
    }

    @Test
    void aManagerThatWasDemotedIsAWorker() throws Exception {
        everyMethod(
                certificate("demoted", MANAGER, CLUSTER), method -> method.allows(WORKER) ? null : PEER + DEMOTED);
    }

    @Test
    void aManagerThatIsBeingDemotedOrPromoted() throws Exception {
        for (String id : List.of("goingdown", "goingup")) {
            everyMethod(certificate(id, MANAGER, CLUSTER), asListed(MANAGER, "a manager may do everything"));
        }
    }

    @Test
    void forgedHeadersOfAManagerThatWasDemoted() throws Exception {
        everyMethod(
                claiming(certificate("demoted", MANAGER, CLUSTER), "othermanager", CLUSTER, MANAGER),
                method -> FORWARDER + DEMOTED);
    }

    @Test
    void aForwardedManagerThatWasDemoted() throws Exception {
        everyMethod(
                claiming(node.manager(), "demoted", CLUSTER, MANAGER),
                method -> method.allows(WORKER) ? null : DEMOTED);
    }

    @Test
    void aManagerWhoseCertificateHasEnded() throws Exception {
        Channel channel = node.manager();
        assertThat(refusal(channel, "docker.swarmkit.v1.Control/ListNodes")).isEmpty();
        node.now = node.now.plus(Duration.ofDays(2));
        try { // the connection stays, what it may do ends with the certificate
            String text = "Permission denied: the certificate of node othermanager0000000000000 has expired: it can be"
                    + " renewed, and nothing else";
            everyMethod(channel, onlyOpen(PEER + text));
            String claimed = FORWARDER + text;
            everyMethod(claiming(channel, "someworker", CLUSTER, WORKER), method -> claimed);
        } finally {
            node.now = node.now.minus(Duration.ofDays(2));
        }
    }

    @Test
    void forgedHeadersOfAWorker() throws Exception {
        everyMethod(
                claiming(node.worker(), "othermanager", CLUSTER, MANAGER),
                method -> FORWARDER + "Permission denied: remote certificate not part of OUs: [swarm-manager]");
    }

    @Test
    void forgedHeadersWithoutACertificate() throws Exception {
        everyMethod(
                claiming(node.anonymous(), "othermanager", CLUSTER, MANAGER), method -> FORWARDER + NO_CERTIFICATE);
    }

    @Test
    void forgedHeadersOfARemovedManager() throws Exception {
        everyMethod(
                claiming(certificate("removedmanager", MANAGER, CLUSTER), "othermanager", CLUSTER, MANAGER),
                method -> FORWARDER + "Permission denied: node removedmanager was removed from swarm");
    }

    @Test
    void aForwardedWorker() throws Exception {
        everyMethod(
                claiming(node.manager(), "someworker", CLUSTER, WORKER),
                asListed(WORKER, "Permission denied: unauthorized forwarded role, expecting: "));
    }

    @Test
    void aForwardedCallerWithoutACertificate() throws Exception {
        everyMethod(
                claiming(node.manager(), "", "", ""),
                onlyOpen("Permission denied: missing information in forwarded request"));
    }

    @Test
    void aForwardedManagerOfAnotherCluster() throws Exception {
        everyMethod(
                claiming(node.manager(), "stranger", "othercluster", MANAGER),
                onlyOpen("Permission denied: organization mismatch, expecting: " + CLUSTER));
    }

    @Test
    @DisplayName("section 12.6: removed nodes are refused also when forwarded")
    void aForwardedManagerThatWasRemoved() throws Exception {
        everyMethod(
                claiming(node.manager(), "removedmanager", CLUSTER, MANAGER),
                onlyOpen("Permission denied: node removedmanager was removed from swarm"));
    }
}
