package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.AskingAgain;
import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.HostProcesses;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.NodeLogs;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Services;
import io.osmia.wire.swarmkit.JoinTokens;
import io.osmia.wire.swarmkit.ListClustersRequest;
import io.osmia.wire.swarmkit.ListServicesRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of which no manager's disk is left, from its backup. */
@ExtendWith(NodeLogs.class)
class RestoreIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    @DisplayName("backup, all managers lost with their disks, restored as one: its worker is back, the tokens hold")
    void aClusterIsRestoredFromItsBackup() throws Exception {
        try (Cluster cluster = Cluster.in(dir)) {
            Node first = cluster.found("m1");
            Node second = cluster.joinManager("m2");
            Node worker = cluster.joinWorker("w1");
            AskingAgain.create(() -> Services.createOnWorkers(first, "kept", 2, "sleep", "100000"));
            cluster.awaitRunning(2, SOON);
            Map<String, HostProcesses.Identity> processes = cluster.processes();
            JoinTokens tokens = cluster.tokens();
            String clusterId = clusterId(first);
            String former = first.id().orElseThrow();
            Path backup = dir.resolve("backup");
            run(first, "cluster", "backup", backup.toString());
            AskingAgain.create(() -> Services.create(first, "too-late", 0, "true"));

            lose(first);
            lose(second);
            Distribution.Result restored =
                    Distribution.osmia("cluster", "restore", "--state-dir", first.stateDir().toString(),
                            backup.toString());
            assertThat(restored.code()).as(restored.err()).isZero();
            first.start();

            assertThat(first.id()).isPresent().isNotEqualTo(Optional.of(former));
            assertThat(clusterId(first)).isEqualTo(clusterId);
            assertThat(cluster.tokens()).isEqualTo(tokens);
            assertThat(services(first)).containsExactly("kept");
            Services.createOnWorkers(first, "more", 2, "sleep", "100000");
            awaitRunningOn(first, worker, 4);
            assertThat(cluster.processes()).as("tasks from before run on").containsAllEntriesOf(processes);
            for (String lost : List.of(former, second.id().orElse("m2"))) {
                Distribution.Result removed = first.cli("node", "rm", "--force", lost);
                assertThat(removed.code()).as(removed.err()).isZero();
            }
            Node newcomer = cluster.newcomer("w2", tokens.getWorker());
            newcomer.launch();
            cluster.awaitReady(newcomer);
        }
    }

    /** With all that was on its disk. */
    private static void lose(Node node) throws Exception {
        node.kill();
        try (Stream<Path> files = Files.walk(node.stateDir())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void awaitRunningOn(Node asked, Node node, int tasks) {
        String id = node.id().orElseThrow();
        Awaitility.await(tasks + " tasks run on " + id)
                .atMost(SOON)
                .until(() -> asked.running().size() == tasks
                        && asked.running().stream().allMatch(task -> task.getNodeId().equals(id))
                        && HostProcesses.live(node.stateDir()).size() == tasks);
    }

    private static String clusterId(Node asked) {
        return asked.control().listClusters(ListClustersRequest.getDefaultInstance()).getClusters(0).getId();
    }

    private static List<String> services(Node asked) {
        return asked.control().listServices(ListServicesRequest.getDefaultInstance()).getServicesList().stream()
                .map(service -> service.getSpec().getAnnotations().getName())
                .toList();
    }

    private static void run(Node asked, String... words) throws IOException, InterruptedException {
        Distribution.Result result = asked.cli(words);
        assertThat(result.code()).as(result.err()).isZero();
    }
}
