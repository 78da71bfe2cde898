package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.AskingAgain;
import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.NodeLogs;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Services;
import io.osmia.itests.harness.TlsChannels;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.ListNodesRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A manager that comes back somewhere else. */
@ExtendWith(NodeLogs.class)
class MovedManagerIT {

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    @DisplayName("RAF-001: its new address reaches the member record, the other managers, a worker and a client")
    void aManagerIsFoundWhereItIsNow() throws Exception {
        try (Cluster cluster = Cluster.in(dir)) {
            cluster.found("m1");
            cluster.joinManager("m2");
            cluster.joinManager("m3");
            Node worker = cluster.joinWorker("w1");
            Node leader = cluster.leader();
            Node moved = follower(cluster, leader);
            String before = cluster.apiAddress(moved);
            awaitKnown(worker, before);

            moved.terminate();
            cluster.move(moved);
            String now = cluster.apiAddress(moved);
            moved.launch();
            cluster.awaitManager(moved);

            for (Node asked : cluster.managers()) {
                awaitListed(asked, moved, now);
            }
            awaitKnown(worker, now);
            awaitForgotten(worker, before);
            assertServed(leader, now);

            worker.kill();
            leader.kill();
            // With an address to join through a node begins with that one, and not with those that it knows.
            worker.withoutFlag("--join-addr", cluster.apiAddress(cluster.node("m1")))
                    .withoutEnvironment("OSMIA_JOIN_TOKEN")
                    .launch();
            AskingAgain.create(() -> Services.createOnWorkers(cluster.leader(), "by-two", 1, "sleep", "100000"));
            cluster.awaitRunning(1, Node.SOON);
        }
    }

    private static Node follower(Cluster cluster, Node leader) {
        return List.of(cluster.node("m2"), cluster.node("m3")).stream()
                .filter(node -> node != leader)
                .findFirst()
                .orElseThrow();
    }

    private static void awaitListed(Node asked, Node moved, String address) {
        String id = moved.id().orElseThrow();
        Awaitility.await(asked.stateDir().getFileName() + " lists it at " + address)
                .atMost(Node.SOON)
                .until(() -> asked.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                        .anyMatch(node -> node.getId().equals(id)
                                && node.getManagerStatus().getAddr().equals(address)));
    }

    private static void awaitKnown(Node worker, String address) {
        Awaitility.await("a worker knows a manager at " + address)
                .atMost(Node.SOON)
                .until(() -> known(worker).contains(address));
    }

    private static void awaitForgotten(Node worker, String address) {
        Awaitility.await("a worker knows no manager at " + address)
                .atMost(Node.SOON)
                .until(() -> !known(worker).contains(address));
    }

    private static String known(Node worker) throws IOException {
        Path file = worker.stateDir().resolve("state.json");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static void assertServed(Node client, String address) throws Exception {
        try (TlsChannels channels = new TlsChannels()) {
            assertThat(ControlGrpc.newBlockingStub(channels.as(client, address))
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .listNodes(ListNodesRequest.getDefaultInstance())
                    .getNodesCount())
                    .isEqualTo(4);
        }
    }
}
