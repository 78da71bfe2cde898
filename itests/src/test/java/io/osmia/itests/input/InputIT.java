package io.osmia.itests.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.RawCalls;
import io.osmia.itests.harness.Services;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.CreateServiceRequest;
import io.osmia.wire.swarmkit.GetClusterRequest;
import io.osmia.wire.swarmkit.GetNodeRequest;
import io.osmia.wire.swarmkit.GetServiceRequest;
import io.osmia.wire.swarmkit.GetTaskRequest;
import io.osmia.wire.swarmkit.ListClustersRequest;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.Meta;
import io.osmia.wire.swarmkit.RemoveServiceRequest;
import io.osmia.wire.swarmkit.RemoveTaskRequest;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.UpdateClusterRequest;
import io.osmia.wire.swarmkit.UpdateNodeRequest;
import io.osmia.wire.swarmkit.UpdateServiceRequest;
import io.osmia.wire.swarmkit.Version;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input on the line: a clear error, and the node goes on. */
class InputIT {

    private static final byte[] GARBAGE = garbage();

    private static final int FIVE_MIB = 5 << 20;

    /** More than HTTP/2 allows before anything else is agreed on. */
    private static final int TOO_LONG_A_FRAME = 1 << 20;

    @TempDir(factory = OnDisk.class)
    static Path dir;

    private static Node node;
    private static InetSocketAddress remote;
    private static long pid;

    @BeforeAll
    static void startNode() throws Exception {
        node = new Node(dir.resolve("n")).start();
        pid = node.process().pid();
        String[] address = node.remoteAddress().split(":");
        remote = new InetSocketAddress(address[0], Integer.parseInt(address[1]));
    }

    @AfterAll
    static void stopNode() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    @AfterEach
    void theNodeGoesOn() throws Exception {
        assertThat(node.process().isAlive()).isTrue();
        assertThat(node.process().pid()).isEqualTo(pid);
        assertThat(node.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesCount())
                .isEqualTo(1);
        assertThat(node.logText()).as("no stack trace").doesNotContain("\n\tat ");
    }

    @Test
    void garbageEndsTheConnection() throws Exception {
        try (Line local = Line.local(node.socket());
                Line tcp = Line.remote(remote);
                Line tls = Line.remoteTls(remote)) {
            assertThat(Http2.goAway(local.send(GARBAGE))).hasValue(Http2.PROTOCOL_ERROR);
            tcp.send(GARBAGE);
            assertThat(Http2.goAway(tls.send(GARBAGE))).hasValue(Http2.PROTOCOL_ERROR);
        }
    }

    @Test
    void plaintextOnTheRemotePortEndsTheConnection() throws Exception {
        try (Line line = Line.remote(remote)) {
            line.send(Http2.connectionWith(Http2.SETTINGS, 0, 0, new byte[0]));
        }
    }

    @Test
    void aFrameThatIsTooLongIsRefused() throws Exception {
        byte[] bytes = Http2.connectionWith(Http2.HEADERS, 1, TOO_LONG_A_FRAME, new byte[100]);
        try (Line local = Line.local(node.socket());
                Line tls = Line.remoteTls(remote)) {
            assertThat(Http2.goAway(local.send(bytes))).hasValue(Http2.FRAME_SIZE_ERROR);
            assertThat(Http2.goAway(tls.send(bytes))).hasValue(Http2.FRAME_SIZE_ERROR);
        }
    }

    @Test
    void aTruncatedFrameDoesNoHarm() throws Exception {
        byte[] bytes = Http2.connectionWith(Http2.HEADERS, 1, 100, new byte[50]);
        try (Line local = Line.local(node.socket());
                Line tls = Line.remoteTls(remote)) {
            local.sendAndEnd(bytes);
            tls.sendAndEnd(bytes);
        }
    }

    @Test
    void aMessageThatIsNoneIsRefused() {
        Status status = refused(() -> new RawCalls(node.channel())
                .call(ControlGrpc.getCreateServiceMethod().getFullMethodName(), GARBAGE));
        assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(status.getDescription()).isEqualTo("Invalid protobuf byte sequence");
    }

    @Test
    void anUnknownMethodIsRefused() {
        Status status =
                refused(() -> new RawCalls(node.channel()).call(ControlGrpc.SERVICE_NAME + "/Nothing", new byte[0]));
        assertThat(status.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(status.getDescription()).contains("Nothing");
    }

    @Test
    void aMessageOfFiveMebibytesIsRefused() {
        ServiceSpec.Builder spec = Services.spec("big", 0, "x".repeat(FIVE_MIB));
        Status status = refused(() -> node.control()
                .createService(CreateServiceRequest.newBuilder().setSpec(spec).build()));
        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(status.getDescription()).contains("4194304");
    }

    /** Rule 1.3.2. */
    @Test
    void anUnknownObjectIsNamed() {
        ControlGrpc.ControlBlockingStub control = node.control();
        String id = "0123456789abcdefghijklmno";
        assertNotFound("service", () -> control.getService(
                GetServiceRequest.newBuilder().setServiceId(id).build()));
        assertNotFound("service", () -> control.removeService(
                RemoveServiceRequest.newBuilder().setServiceId(id).build()));
        assertNotFound("service", () -> control.updateService(UpdateServiceRequest.newBuilder()
                .setServiceId(id)
                .setServiceVersion(Version.newBuilder().setIndex(1))
                .setSpec(Services.spec("any", 0, "true"))
                .build()));
        assertNotFound("node", () -> control.getNode(
                GetNodeRequest.newBuilder().setNodeId(id).build()));
        assertNotFound("task", () -> control.getTask(
                GetTaskRequest.newBuilder().setTaskId(id).build()));
        assertNotFound("task", () -> control.removeTask(
                RemoveTaskRequest.newBuilder().setTaskId(id).build()));
        assertNotFound("cluster", () -> control.getCluster(
                GetClusterRequest.newBuilder().setClusterId(id).build()));
    }

    /** Rule 1.1.5. */
    @Test
    void aStaleVersionIsRefused() {
        ControlGrpc.ControlBlockingStub control = node.control();
        Service service = Services.create(node, "stale", 0, "true");
        io.osmia.wire.swarmkit.Node known =
                control.listNodes(ListNodesRequest.getDefaultInstance()).getNodes(0);
        io.osmia.wire.swarmkit.Cluster cluster =
                control.listClusters(ListClustersRequest.getDefaultInstance()).getClusters(0);
        List<ThrowingCallable> updates = List.of(
                () -> control.updateService(UpdateServiceRequest.newBuilder()
                        .setServiceId(service.getId())
                        .setServiceVersion(before(service.getMeta()))
                        .setSpec(service.getSpec())
                        .build()),
                () -> control.updateNode(UpdateNodeRequest.newBuilder()
                        .setNodeId(known.getId())
                        .setNodeVersion(before(known.getMeta()))
                        .setSpec(known.getSpec())
                        .build()),
                () -> control.updateCluster(UpdateClusterRequest.newBuilder()
                        .setClusterId(cluster.getId())
                        .setClusterVersion(before(cluster.getMeta()))
                        .setSpec(cluster.getSpec())
                        .build()));
        for (ThrowingCallable update : updates) {
            Status status = refused(update);
            assertThat(status.getCode()).isEqualTo(Status.Code.UNKNOWN);
            assertThat(status.getDescription()).endsWith("update out of sequence");
        }
    }

    private static Version before(Meta meta) {
        return Version.newBuilder().setIndex(meta.getVersion().getIndex() - 1).build();
    }

    private static void assertNotFound(String kind, ThrowingCallable call) {
        Status status = refused(call);
        assertThat(status.getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(status.getDescription()).isEqualTo(kind + " 0123456789abcdefghijklmno not found");
    }

    private static Status refused(ThrowingCallable call) {
        StatusRuntimeException e = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(e).as("refused").isNotNull();
        return e.getStatus();
    }

    /** The same each time, and neither the begin of TLS nor of HTTP/2. */
    private static byte[] garbage() {
        byte[] bytes = new byte[300];
        new Random(1).nextBytes(bytes);
        bytes[0] = (byte) 0xff;
        return bytes;
    }
}
