package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.osmia.itests.harness.AskingAgain;
import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.Footprint;
import io.osmia.itests.harness.HostProcesses;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.NodeLogs;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Services;
import io.osmia.itests.harness.TlsChannels;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.RaftMemberStatus.Reachability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Managers that become workers and the other way round, and a cluster that goes on with what is left of it. */
@ExtendWith(NodeLogs.class)
@Timeout(value = 2, unit = TimeUnit.HOURS)
class RolesIT {

    private static final int ROUNDS = Integer.getInteger("osmia.roles.rounds", 2);

    /** How much threads and descriptors may differ because something is idle or not. */
    private static final int POOL = 4;

    /** Classes that are loaded when something happens for the first time, in a round that is not the first. */
    private static final int FIRST_USES = 400;

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    @DisplayName("INT-006: the leader is demoted again and again, down to one manager; INT-005: and promoted back")
    void theLeaderMayBeDemoted() throws Exception {
        try (Cluster cluster = Cluster.in(dir)) {
            three(cluster);
            AskingAgain.create(() -> Services.create(cluster.node("m1"), "stays", 3, "sleep", "100000"));
            cluster.awaitRunning(3, Node.SOON);
            Map<String, HostProcesses.Identity> processes = cluster.processes();

            Node leader = cluster.leader();
            String certificate = TlsChannels.certificatePem(leader);
            String key = TlsChannels.keyPem(leader);
            demote(cluster, leader);
            Node next = cluster.leader();
            assertThat(next).isNotEqualTo(leader);
            assertFormerManagerIsRefused(cluster, next, certificate, key);
            promote(cluster, leader);

            demote(cluster, next);
            Node third = cluster.leader();
            demote(cluster, third);
            assertThat(cluster.managers()).hasSize(1);
            AskingAgain.create(() -> Services.create(cluster.anyManager(), "by-one", 0, "true"));
            refused(
                    cluster.anyManager(),
                    "attempting to demote the last manager of the swarm",
                    "node", "demote", name(cluster.anyManager()));

            assertThat(cluster.processes()).isEqualTo(processes);
        }
    }

    /** The certificate from before is good for two months more. */
    private static void assertFormerManagerIsRefused(Cluster cluster, Node asked, String certificate, String key)
            throws Exception {
        try (TlsChannels channels = new TlsChannels()) {
            Status atApi = refusal(channels.as(certificate, key, cluster.apiAddress(asked)));
            assertThat(atApi.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(atApi.getDescription()).contains("was demoted");
            assertThat(refusal(channels.as(asked, cluster.raftAddress(asked))).getCode())
                    .as("what a manager hears at the raft port, where there is no such service")
                    .isEqualTo(Status.Code.UNIMPLEMENTED);
            assertThat(refusal(channels.as(certificate, key, cluster.raftAddress(asked))).getCode())
                    .as("no TLS at the raft port")
                    .isEqualTo(Status.Code.UNAVAILABLE);
        }
        asked.awaitLog("was demoted, and shows its certificate from before");
    }

    private static Status refusal(Channel channel) {
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ControlGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(10, TimeUnit.SECONDS)
                        .listNodes(ListNodesRequest.getDefaultInstance()));
        return refused.getStatus();
    }

    @Test
    @DisplayName("INT-005: promoted and demoted again and again; -Dosmia.roles.rounds=20 for the full run")
    void changesOfRoleLeaveNothingBehind() throws Exception {
        try (Cluster cluster = Cluster.in(dir)) {
            cluster.found("m1");
            Node node = cluster.joinWorker("w1");
            Services.create(cluster.node("m1"), "stays", 2, "sleep", "100000");
            cluster.awaitRunning(2, Node.SOON);
            Map<String, HostProcesses.Identity> processes = cluster.processes();
            round(cluster, node);
            Footprint before = Footprint.of(node.process());
            for (int round = 1; round <= ROUNDS; round++) {
                Duration took = round(cluster, node);
                System.out
                        .println("RolesIT: round " + round + " took " + took.toMillis() + " ms, "
                                + Footprint.of(node.process()));
            }
            Awaitility.await("no more than " + before + " and what pools and connections differ by")
                    .atMost(Footprint.UNTIL_IDLE_THREADS_END)
                    .untilAsserted(() -> assertNothingIsLeft(before, Footprint.of(node.process())));
            assertThat(cluster.processes()).isEqualTo(processes);
        }
    }

    private static Duration round(Cluster cluster, Node node) throws Exception {
        long begin = System.nanoTime();
        promote(cluster, node);
        demote(cluster, node);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static void assertNothingIsLeft(Footprint before, Footprint after) {
        assertThat(after.loaders()).as("class loaders").isLessThanOrEqualTo(before.loaders());
        assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads() + POOL);
        assertThat(after.descriptors()).as("descriptors").isLessThanOrEqualTo(before.descriptors() + POOL);
        assertThat(after.classes()).as("classes").isLessThanOrEqualTo(before.classes() + FIRST_USES);
    }

    @Test
    @DisplayName("INT-007: stopped, demoted while down, started: a worker by itself; no other may be demoted meanwhile")
    void aManagerThatWasDemotedWhileDownBecomesAWorker() throws Exception {
        try (Cluster cluster = Cluster.in(dir)) {
            three(cluster);
            Node leader = cluster.leader();
            List<Node> others =
                    cluster.managers().stream().filter(node -> node != leader).toList();
            Node away = others.getFirst();
            away.kill();
            Awaitility.await("it is seen to be away")
                    .atMost(Node.SOON)
                    .until(() -> unreachable(leader, away));
            // Two of three answer; without one of the two, one of two would.
            refused(
                    leader,
                    "can't remove member from the raft: this would result in a loss of quorum",
                    "node", "demote", name(others.getLast()));
            AskingAgain.cli(leader, "node", "demote", name(away));
            away.launch();
            cluster.awaitWorker(away);
            cluster.awaitAllReady();
            AskingAgain.create(() -> Services.create(leader, "everywhere", 3, "sleep", "100000"));
            cluster.awaitRunning(3, Node.SOON);
            assertThat(HostProcesses.live(away.stateDir())).isNotEmpty();
        }
    }

    private static boolean unreachable(Node asked, Node other) {
        String id = other.id().orElseThrow();
        return asked.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                .filter(node -> node.getId().equals(id))
                .anyMatch(node -> node.getManagerStatus().getReachability() == Reachability.UNREACHABLE);
    }

    @Test
    void oneSurvivorGoesOnAlone() throws Exception {
        try (Cluster cluster = Cluster.in(dir)) {
            three(cluster);
            Node survivor = cluster.node("m2");
            AskingAgain.create(() -> Services.create(survivor, "survives", 0, "true"));
            for (Node node : cluster.nodes()) {
                node.kill();
            }
            Distribution.Result told = Distribution.osmia(
                    "cluster", "recover", "--dry-run", "--state-dir", survivor.stateDir().toString());
            assertThat(told.code()).as(told.err()).isZero();
            assertThat(told.out()).contains(
                    cluster.node("m1").id().orElseThrow(),
                    cluster.node("m3").id().orElseThrow(),
                    "nothing was changed");
            survivor.withoutFlag("--join-addr", cluster.apiAddress(cluster.node("m1")))
                    .withoutEnvironment("OSMIA_JOIN_TOKEN");
            survivor.flag("--force-new-cluster").launch();
            cluster.awaitManager(survivor);
            assertThat(survivor.control().listServices(ListServicesRequest.getDefaultInstance()).getServicesList())
                    .extracting(service -> service.getSpec().getAnnotations().getName())
                    .containsExactly("survives");
            Services.create(survivor, "more", 0, "true");
            survivor.withoutFlag("--force-new-cluster");
            survivor.kill();
            survivor.launch();
            cluster.awaitManager(survivor);
            cluster.joinManager("m4");
        }
    }

    private static void three(Cluster cluster) throws Exception {
        cluster.found("m1");
        cluster.joinManager("m2");
        cluster.joinManager("m3");
    }

    private static void demote(Cluster cluster, Node node) throws Exception {
        Node asked = cluster.managers().stream().filter(one -> one != node).findFirst().orElse(node);
        AskingAgain.cli(asked, "node", "demote", name(node));
        cluster.awaitWorker(node);
    }

    private static void promote(Cluster cluster, Node node) throws Exception {
        AskingAgain.cli(cluster.anyManager(), "node", "promote", name(node));
        cluster.awaitManager(node);
    }

    private static void refused(Node asked, String text, String... words) throws Exception {
        Distribution.Result result = asked.cli(words);
        assertThat(result.code()).isNotZero();
        assertThat(result.err()).contains(text);
    }

    private static String name(Node node) {
        return node.stateDir().getFileName().toString();
    }
}
