package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.AskingAgain;
import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.HostProcesses;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.NodeLogs;
import io.osmia.itests.harness.OnDisk;
import io.osmia.wire.swarmkit.Task;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The walk through a first cluster, as someone would type it. */
@ExtendWith(NodeLogs.class)
class FirstClusterIT {

    private static final Pattern JOIN_COMMAND =
            Pattern.compile("osmia node --join-addr (\\S+) --join-token (SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25})");

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    @DisplayName("INT-001, INT-002, INT-005: four nodes, six replicas, drain, promote, demote")
    void theWalkLineByLine() throws Exception {
        try (Cluster cluster = Cluster.in(dir)) {
            Node first = cluster.found("node-1");
            assertThat(AskingAgain.cli(first, "cluster", "inspect").out())
                    .containsPattern("Worker\\s*: SWMTKN-1-")
                    .containsPattern("Manager\\s*: SWMTKN-1-");

            create(first, "early", 1);
            cluster.awaitRunning(1, Node.SOON);
            Node second = join(cluster, "node-2", "worker");
            cluster.awaitReady(second);
            Node third = join(cluster, "node-3", "worker");
            cluster.awaitReady(third);
            Node fourth = join(cluster, "node-4", "manager");
            cluster.awaitManager(fourth);
            for (Node asked : List.of(first, fourth)) {
                Awaitility.await("the table of nodes").atMost(Node.SOON).untilAsserted(() -> assertListed(asked));
            }

            cluster.awaitAllReady();
            create(first, "web", 6);
            spread(cluster, 7);
            drain(cluster, first);
            promoteAndDemote(cluster, second);
        }
    }

    /** With the command that a manager prints, as it stands. */
    private static Node join(Cluster cluster, String name, String role) throws Exception {
        String printed = AskingAgain.cli(cluster.node("node-1"), "cluster", "join-token", role).out();
        Matcher command = JOIN_COMMAND.matcher(printed);
        assertThat(command.find()).as(printed).isTrue();
        Node node = cluster.add(name, "--join-addr", command.group(1), "--join-token", command.group(2));
        node.launch();
        return node;
    }

    /** All four, of which one leads: mostly the first. */
    private static void assertListed(Node asked) {
        String table = AskingAgain.cli(asked, "node", "ls").out();
        assertThat(table.lines().findFirst().orElseThrow())
                .matches("ID\\s+Name\\s+Membership\\s+Status\\s+Availability\\s+Manager Status\\s*");
        assertThat(table).containsPattern("node-1\\s+ACCEPTED\\s+READY\\s+ACTIVE\\s+REACHABLE( \\*)?\\s*\\n");
        assertThat(table).containsPattern("node-2\\s+ACCEPTED\\s+READY\\s+ACTIVE\\s*\\n");
        assertThat(table).containsPattern("node-3\\s+ACCEPTED\\s+READY\\s+ACTIVE\\s*\\n");
        assertThat(table).containsPattern("node-4\\s+ACCEPTED\\s+READY\\s+ACTIVE\\s+REACHABLE( \\*)?\\s*(\\n|$)");
        assertThat(table).containsOnlyOnce("REACHABLE *");
    }

    private static void create(Node asked, String name, int replicas) throws Exception {
        AskingAgain.cli(asked, "service", "create", "--name", name, "--image", "osmia/host", "--replicas",
                replicas + "", "--command", "sleep", "--args", "100000");
    }

    private static void spread(Cluster cluster, int tasks) {
        Map<String, Long> perNode = cluster.awaitRunning(tasks, Node.SOON).stream()
                .filter(task -> task.getServiceAnnotations().getName().equals("web"))
                .collect(Collectors.groupingBy(Task::getNodeId, Collectors.counting()));
        assertThat(perNode).hasSize(4);
        assertThat(perNode.values()).allSatisfy(count -> assertThat(count).isBetween(1L, 2L));
    }

    private static void drain(Cluster cluster, Node drained) throws Exception {
        AskingAgain.cli(drained, "node", "drain", "node-1");
        String id = drained.id().orElseThrow();
        Awaitility.await("all tasks run elsewhere")
                .atMost(Node.SOON)
                .until(() -> drained.running().size() == 7
                        && drained.running().stream().noneMatch(task -> task.getNodeId().equals(id)));
        Awaitility.await("no process is left there")
                .atMost(Node.SOON)
                .until(() -> HostProcesses.live(drained.stateDir()).isEmpty());
        assertThat(cluster.processes()).hasSize(7);
    }

    /** Each of its running tasks and each process is the same before and after. */
    private static void promoteAndDemote(Cluster cluster, Node node) throws Exception {
        Node asked = cluster.node("node-1");
        Map<String, HostProcesses.Identity> processes = cluster.processes();
        Collection<String> tasks = ids(asked.running());
        assertThat(HostProcesses.live(node.stateDir())).as("it has tasks of its own").isNotEmpty();

        AskingAgain.cli(asked, "node", "promote", "node-2");
        cluster.awaitManager(node);
        assertSame(cluster, asked, processes, tasks);

        AskingAgain.cli(cluster.node("node-4"), "node", "demote", "node-2");
        cluster.awaitWorker(node);
        assertSame(cluster, asked, processes, tasks);
    }

    private static void assertSame(
            Cluster cluster, Node asked, Map<String, HostProcesses.Identity> processes, Collection<String> tasks)
            throws Exception {
        assertThat(cluster.processes()).isEqualTo(processes);
        assertThat(ids(asked.running())).isEqualTo(tasks);
    }

    private static Collection<String> ids(Collection<Task> tasks) {
        return tasks.stream().map(Task::getId).sorted().toList();
    }
}
