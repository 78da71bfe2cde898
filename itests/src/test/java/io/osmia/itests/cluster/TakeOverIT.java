package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.HostProcesses;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Services;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.RemoveServiceRequest;
import java.nio.file.Path;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is stopped in good order. */
class TakeOverIT {

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    void sigtermLeavesTheProcessesAndTheNextStartTakesThemOver() throws Exception {
        try (Node node = new Node(dir.resolve("node"))) {
            node.start();
            Services.create(node, "stays", 3, "sleep", "100000");
            node.awaitRunning(3, Node.SOON);
            Map<String, HostProcesses.Identity> before = HostProcesses.live(node.stateDir());

            assertThat(node.terminate()).isIn(0, 143);
            assertThat(HostProcesses.live(node.stateDir())).isEqualTo(before);

            node.start();
            node.awaitRunning(3, Node.SOON);
            assertThat(HostProcesses.live(node.stateDir())).isEqualTo(before);
        }
    }

    @Test
    void stopTasksOnExitEndsThem() throws Exception {
        try (Node node = new Node(dir.resolve("node"), "--stop-tasks-on-exit")) {
            node.start();
            Services.create(node, "goes", 3, "sleep", "100000");
            node.awaitRunning(3, Node.SOON);
            node.terminate();
            assertThat(HostProcesses.live(node.stateDir())).isEmpty();
        }
    }

    @Test
    void aRemovedServiceLeavesNoProcessAndNoTask() throws Exception {
        try (Node node = new Node(dir.resolve("node"))) {
            node.start();
            String id = Services.create(node, "gone", 3, "sh", "-c", "sleep 100000 & wait").getId();
            node.awaitRunning(3, Node.SOON);
            node.control().removeService(RemoveServiceRequest.newBuilder().setServiceId(id).build());
            Awaitility.await("all tasks are gone")
                    .atMost(Node.SOON)
                    .until(() -> node.tasks().isEmpty());
            Awaitility.await("all processes are gone")
                    .atMost(Node.SOON)
                    .until(() -> HostProcesses.of(node.stateDir()).isEmpty());
            assertThat(node.control().listServices(ListServicesRequest.getDefaultInstance()).getServicesCount())
                    .isZero();
        }
    }
}
