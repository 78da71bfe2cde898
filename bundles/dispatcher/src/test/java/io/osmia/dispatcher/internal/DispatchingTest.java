package io.osmia.dispatcher.internal;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.osmia.roles.Caller;
import io.osmia.roles.Membership;
import io.osmia.roles.Registration;
import io.osmia.store.LocalStore;
import io.osmia.store.Table;
import io.osmia.store.loop.Simulation;
import io.osmia.wire.swarmkit.AssignmentsMessage;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.EncryptionKey;
import io.osmia.wire.swarmkit.HeartbeatResponse;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeDescription;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.SessionRequest;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import io.osmia.wire.swarmkit.TasksMessage;
import io.osmia.wire.swarmkit.UpdateTaskStatusRequest.TaskStatusUpdate;
import io.osmia.wire.swarmkit.UpdateTaskStatusResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DispatchingTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final Simulation simulation = new Simulation(START);
    private final LocalStore store = simulation.store();
    private final List<Membership.Member> members =
            new ArrayList<>(List.of(new Membership.Member(1, "leader", "10.0.0.1:4242", "", true, true)));
    private final Dispatching dispatching = make();

    private Dispatching make() {
        Timing timing = new Timing(
                PERIOD, Duration.ZERO, 3, 6, 3, Duration.ofSeconds(8), Duration.ofHours(24), Duration.ofMillis(100),
                10_000, 100);
        Membership membership = new Membership() {
            @Override
            public List<Member> members() {
                return List.copyOf(members);
            }

            @Override
            public Registration onChange(Runnable listener) {
                return () -> {};
            }
        };
        StatusWriter writer = new StatusWriter(
                store, Objects.TERM, "leader", Runnable::run, Runnable::run, new Pace(timing.quiet(), 10_000));
        return new Dispatching(
                store,
                simulation.ids(),
                new SplittableRandom(1),
                timing,
                "cluster",
                new SessionMessages("cluster", membership),
                writer);
    }

    private void begin() {
        simulation.add("dispatcher", dispatching);
        simulation.settle();
    }

    private static Caller caller(String nodeId) {
        return new Caller(nodeId, "swarm-worker", "cluster", "192.0.2.7:5000", false);
    }

    private RecordingSink<SessionMessage> open(String nodeId, String sessionId) {
        RecordingSink<SessionMessage> sink = new RecordingSink<>();
        SessionRequest request = SessionRequest.newBuilder()
                .setSessionId(sessionId)
                .setDescription(NodeDescription.newBuilder().setHostname("host-" + nodeId))
                .build();
        dispatching.session(caller(nodeId), request, sink, simulation.now());
        simulation.settle();
        return sink;
    }

    private String register(String nodeId) {
        return open(nodeId, "").messages.getFirst().getSessionId();
    }

    private RecordingAnswer<HeartbeatResponse> beat(String nodeId, String sessionId) {
        RecordingAnswer<HeartbeatResponse> answer = new RecordingAnswer<>();
        dispatching.heartbeat(caller(nodeId), sessionId, answer, simulation.now());
        return answer;
    }

    private RecordingAnswer<UpdateTaskStatusResponse> report(
            String nodeId, String sessionId, String taskId, TaskState state) {
        RecordingAnswer<UpdateTaskStatusResponse> answer = new RecordingAnswer<>();
        TaskStatusUpdate update = TaskStatusUpdate.newBuilder()
                .setTaskId(taskId)
                .setStatus(TaskStatus.newBuilder().setState(state).setMessage("told"))
                .build();
        dispatching.taskStatus(caller(nodeId), sessionId, List.of(update), answer);
        simulation.settle();
        return answer;
    }

    private RecordingSink<AssignmentsMessage> follow(String nodeId, String sessionId) {
        RecordingSink<AssignmentsMessage> sink = new RecordingSink<>();
        dispatching.assignments(caller(nodeId), sessionId, sink);
        simulation.settle();
        return sink;
    }

    private Node node(String id) {
        return store.view().get(Table.NODES, id);
    }

    private static void assertRefused(Status status, Status.Code code, String text) {
        assertThat(status).isNotNull();
        assertThat(status.getCode()).isEqualTo(code);
        assertThat(status.getDescription()).isEqualTo(text);
    }

    @Test // DIS-026
    void theFirstMessageCarriesTheReadyNodeAndTheManagers() {
        Objects.create(store, Objects.node("n", NodeStatus.State.UNKNOWN));
        begin();

        SessionMessage message = open("n", "").messages.getFirst();

        assertThat(message.getSessionId()).hasSize(25);
        assertThat(message.getNode().getStatus())
                .isEqualTo(NodeStatus.newBuilder()
                        .setState(NodeStatus.State.READY)
                        .setAddr("192.0.2.7")
                        .build());
        assertThat(message.getNode().getDescription().getHostname()).isEqualTo("host-n");
        assertThat(message.getManagersList()).singleElement().satisfies(manager -> {
            assertThat(manager.getPeer().getAddr()).isEqualTo("10.0.0.1:4242");
            assertThat(manager.getWeight()).isEqualTo(10);
        });
    }

    @Test // DIS-001
    void aSecondSessionReplacesTheFirst() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<SessionMessage> first = open("n", "");
        String second = register("n");

        assertThat(second).isNotEqualTo(first.messages.getFirst().getSessionId());
        assertRefused(first.ended, Status.Code.INVALID_ARGUMENT, "session invalid");
        assertRefused(
                beat("n", first.messages.getFirst().getSessionId()).failure,
                Status.Code.INVALID_ARGUMENT,
                "session invalid");
    }

    @Test
    void aSessionThatIsKnownIsKeptWithItsNewDescription() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<SessionMessage> first = open("n", "");
        String id = first.messages.getFirst().getSessionId();

        RecordingSink<SessionMessage> again = open("n", id);

        assertThat(again.messages.getFirst().getSessionId()).isEqualTo(id);
        assertThat(first.ended).isNull();
    }

    @Test // DIS-002
    void tooManyRegistrationsAreRefusedUntilTheLastAcceptedOneIsOld() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        for (int i = 0; i < 3; i++) {
            assertThat(open("n", "").ended).isNull();
        }
        assertRefused(
                open("n", "").ended,
                Status.Code.UNAVAILABLE,
                "node n exceeded rate limit count of registrations");

        simulation.advance(Duration.ofMillis(8001));

        assertThat(open("n", "").ended).isNull();
    }

    @Test
    void aNodeThatDoesNotExistIsNotRegistered() {
        begin();
        assertRefused(open("nobody", "").ended, Status.Code.UNKNOWN, "node not found");
    }

    @Test // DIS-004
    void aHeartbeatGivesThePeriodAndNeedsTheSession() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        String session = register("n");

        HeartbeatResponse response = beat("n", session).value;

        assertThat(response).isNotNull();
        assertThat(response.getPeriod().getSeconds()).isEqualTo(5);
        assertRefused(beat("n", "wrong").failure, Status.Code.INVALID_ARGUMENT, "session invalid");
        assertRefused(beat("n", "").failure, Status.Code.INVALID_ARGUMENT, "session invalid");
    }

    @Test // DIS-007
    void aHeartbeatOfAnUnregisteredNodeIsRefused() {
        begin();
        assertRefused(beat("nobody", "any").failure, Status.Code.NOT_FOUND, "node not registered");
    }

    @Test // DIS-006
    void aSilentNodeIsDownAfterThreePeriodsAndForgotten() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<SessionMessage> session = open("n", "");
        String id = session.messages.getFirst().getSessionId();
        simulation.advance(Duration.ofMillis(14_900));
        beat("n", id);
        simulation.advance(Duration.ofMillis(14_900));
        assertThat(node("n").getStatus().getState()).isEqualTo(NodeStatus.State.READY);

        simulation.advance(Duration.ofMillis(200));

        assertThat(node("n").getStatus().getState()).isEqualTo(NodeStatus.State.DOWN);
        assertThat(node("n").getStatus().getMessage()).isEqualTo("heartbeat failure");
        assertThat(node("n").getStatus().getAddr()).isEqualTo("192.0.2.7");
        assertRefused(beat("n", id).failure, Status.Code.NOT_FOUND, "node not registered");
        assertRefused(session.ended, Status.Code.NOT_FOUND, "node not registered");
    }

    @Test // DIS-031
    void aNewLeaderDoubtsAllNodesForSixPeriods() {
        Objects.create(
                store,
                Objects.node("back", NodeStatus.State.READY),
                Objects.node("silent", NodeStatus.State.DISCONNECTED),
                Objects.node("down", NodeStatus.State.DOWN));
        begin();
        assertThat(node("silent").getStatus().getState()).isEqualTo(NodeStatus.State.UNKNOWN);
        assertThat(node("back").getStatus().getMessage())
                .isEqualTo("Node moved to \"unknown\" state due to leadership change in cluster");
        assertThat(node("down").getStatus().getState()).isEqualTo(NodeStatus.State.DOWN);
        String session = register("back");

        for (int i = 0; i < 3; i++) {
            simulation.advance(PERIOD.multipliedBy(2).minusMillis(1));
            beat("back", session);
        }
        assertThat(node("silent").getStatus().getState()).isEqualTo(NodeStatus.State.UNKNOWN);
        simulation.advance(Duration.ofMillis(3));

        assertThat(node("silent").getStatus().getState()).isEqualTo(NodeStatus.State.DOWN);
        assertThat(node("silent").getStatus().getMessage())
                .isEqualTo("heartbeat failure for node in \"unknown\" state");
        assertThat(node("back").getStatus().getState()).isEqualTo(NodeStatus.State.READY);
    }

    @Test // DIS-032
    void tasksOfANodeThatIsDownForADayAreOrphaned() {
        Objects.create(
                store,
                Objects.node("n", NodeStatus.State.DOWN),
                Objects.task("pending", "n", TaskState.PENDING),
                Objects.task("assigned", "n", TaskState.ASSIGNED),
                Objects.task("running", "n", TaskState.RUNNING),
                Objects.task("failed", "n", TaskState.FAILED));
        begin();
        simulation.advance(Duration.ofHours(24).minusSeconds(1));
        assertThat(state("running")).isEqualTo(TaskState.RUNNING);

        simulation.advance(Duration.ofSeconds(1));

        assertThat(state("running")).isEqualTo(TaskState.ORPHANED);
        assertThat(state("assigned")).isEqualTo(TaskState.ORPHANED);
        assertThat(state("pending")).isEqualTo(TaskState.PENDING);
        assertThat(state("failed")).isEqualTo(TaskState.FAILED);
    }

    @Test // DIS-032
    void aNodeThatReturnsInTimeKeepsItsTasks() {
        Objects.create(
                store, Objects.node("n", NodeStatus.State.DOWN), Objects.task("running", "n", TaskState.RUNNING));
        begin();
        simulation.advance(Duration.ofHours(23));
        String session = register("n");
        for (int i = 0; i < 1000; i++) {
            beat("n", session);
            simulation.advance(Duration.ofSeconds(14));
        }
        assertThat(state("running")).isEqualTo(TaskState.RUNNING);
    }

    private TaskState state(String taskId) {
        return store.view().get(Table.TASKS, taskId).getStatus().getState();
    }

    @Test // DIS-022
    void reportsAreStoredWithWhoAppliedThemAndWhen() {
        Objects.create(
                store, Objects.node("n", NodeStatus.State.READY), Objects.task("t", "n", TaskState.ASSIGNED));
        begin();
        String session = register("n");

        RecordingAnswer<UpdateTaskStatusResponse> answer = report("n", session, "t", TaskState.RUNNING);

        assertThat(answer.completed).isTrue();
        TaskStatus stored = store.view().get(Table.TASKS, "t").getStatus();
        assertThat(stored.getState()).isEqualTo(TaskState.RUNNING);
        assertThat(stored.getAppliedBy()).isEqualTo("leader");
        assertThat(stored.getAppliedAt().getSeconds()).isEqualTo(START.getEpochSecond());
    }

    @Test // DIS-024
    void aLowerStateIsIgnoredAndAnEqualReportWritesNothing() {
        Objects.create(
                store, Objects.node("n", NodeStatus.State.READY), Objects.task("t", "n", TaskState.ASSIGNED));
        begin();
        String session = register("n");
        report("n", session, "t", TaskState.RUNNING);
        long version = store.view().version();

        report("n", session, "t", TaskState.STARTING);
        report("n", session, "t", TaskState.RUNNING);

        assertThat(state("t")).isEqualTo(TaskState.RUNNING);
        assertThat(store.view().version()).isEqualTo(version);
    }

    @Test // DIS-025
    void aReportNeedsTheSessionAndTheNodesOwnTask() {
        Objects.create(
                store,
                Objects.node("n", NodeStatus.State.READY),
                Objects.node("m", NodeStatus.State.READY),
                Objects.task("t", "n", TaskState.ASSIGNED));
        begin();
        String session = register("n");
        String other = register("m");

        assertRefused(
                report("n", "wrong", "t", TaskState.RUNNING).failure,
                Status.Code.INVALID_ARGUMENT,
                "session invalid");
        assertRefused(
                report("m", other, "t", TaskState.RUNNING).failure,
                Status.Code.PERMISSION_DENIED,
                "cannot update a task not assigned this node");
        assertThat(report("n", session, "unknown", TaskState.RUNNING).completed).isTrue();
        assertThat(state("t")).isEqualTo(TaskState.ASSIGNED);
    }

    @Test // DIS-027
    void aSessionHearsOfChangedKeysRootAndManagers() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        store.update(Objects.TERM, tx -> tx.create(
                Table.CLUSTERS, Cluster.newBuilder().setId("cluster").build()));
        begin();
        RecordingSink<SessionMessage> session = open("n", "");

        changeCluster(cluster -> cluster.addNetworkBootstrapKeys(
                EncryptionKey.newBuilder().setSubsystem("networking:gossip").setLamportTime(1)));
        assertThat(session.last().getNetworkBootstrapKeysList()).hasSize(1);

        changeCluster(cluster -> cluster.getRootCaBuilder().setCaCert(ByteString.copyFromUtf8("root")));
        assertThat(session.last().getRootCA().toStringUtf8()).isEqualTo("root");
        assertThat(session.last().getNetworkBootstrapKeysList()).hasSize(1);

        members.add(new Membership.Member(2, "second", "10.0.0.2:4242", "", false, true));
        dispatching.managersChanged();
        simulation.settle();
        assertThat(session.last().getManagersList()).hasSize(2);
    }

    private void changeCluster(java.util.function.Consumer<Cluster.Builder> change) {
        store.update(Objects.TERM, tx -> {
            Cluster.Builder cluster = tx.get(Table.CLUSTERS, "cluster").toBuilder();
            change.accept(cluster);
            return tx.update(Table.CLUSTERS, cluster.build());
        });
        simulation.settle();
    }

    @Test // rule 6.2.3
    void aChangedPeriodCountsFromTheNextHeartbeatOn() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        store.update(Objects.TERM, tx -> tx.create(
                Table.CLUSTERS, Cluster.newBuilder().setId("cluster").build()));
        begin();
        String session = register("n");

        changeCluster(cluster -> cluster.getSpecBuilder()
                .getDispatcherBuilder()
                .setHeartbeatPeriod(com.google.protobuf.Duration.newBuilder().setSeconds(60)));

        HeartbeatResponse response = beat("n", session).value;
        assertThat(response).isNotNull();
        assertThat(response.getPeriod().getSeconds()).isEqualTo(60);
        simulation.advance(Duration.ofSeconds(179));
        assertThat(node("n").getStatus().getState()).isEqualTo(NodeStatus.State.READY);
    }

    @Test // DIS-014
    void aSecretThatChangesOrGoesWhileItIsUsedIsNotSent() {
        Objects.create(
                store,
                Objects.node("n", NodeStatus.State.READY),
                Objects.secret("s"),
                Objects.using(Objects.task("a", "n", TaskState.RUNNING), List.of("s"), List.of()));
        begin();
        RecordingSink<AssignmentsMessage> assignments = follow("n", register("n"));
        store.update(Objects.TERM, tx -> {
            Secret.Builder secret = tx.get(Table.SECRETS, "s").toBuilder();
            secret.getSpecBuilder().getAnnotationsBuilder().putLabels("new", "label");
            return tx.update(Table.SECRETS, secret.build());
        });
        simulation.settle();
        store.update(Objects.TERM, tx -> {
            tx.delete(Table.SECRETS, "s");
            return true;
        });
        simulation.settle();
        assertThat(assignments.messages).hasSize(1);
    }

    @Test
    void anAgentThatDoesNotReadGetsTheFinalStateOnceItDoes() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<AssignmentsMessage> assignments = follow("n", register("n"));
        assignments.reading = false;
        for (int i = 0; i < 50; i++) {
            Objects.create(store, Objects.task("t" + i, "n", TaskState.ASSIGNED));
            simulation.settle();
        }
        simulation.advance(Duration.ofSeconds(1));
        assertThat(assignments.messages).hasSize(1);

        assignments.reading = true;
        simulation.settle();

        assertThat(assignments.messages).hasSize(2);
        assertThat(assignments.last().getChangesList()).hasSize(50);
    }

    @Test
    void aSingleChangeIsSentAtOnceAndACrowdAtMostTenTimesASecond() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<AssignmentsMessage> assignments = follow("n", register("n"));

        Objects.create(store, Objects.task("single", "n", TaskState.ASSIGNED));
        simulation.settle();
        assertThat(assignments.messages).hasSize(2);

        Object[] crowd = new Object[60];
        for (int i = 0; i < crowd.length; i++) {
            crowd[i] = Objects.task("crowd" + i, "n", TaskState.ASSIGNED);
        }
        Objects.create(store, crowd);
        simulation.settle();
        assertThat(assignments.messages).hasSize(3);

        Objects.create(store, Objects.task("late", "n", TaskState.ASSIGNED));
        simulation.settle();
        assertThat(assignments.messages).hasSize(3);
        simulation.advance(Duration.ofMillis(100));
        assertThat(assignments.messages).hasSize(4);
    }

    @Test // rule 6.10
    void theLegacyStreamSendsWholeLists() {
        Objects.create(
                store, Objects.node("n", NodeStatus.State.READY), Objects.task("a", "n", TaskState.RUNNING));
        begin();
        RecordingSink<TasksMessage> tasks = new RecordingSink<>();
        dispatching.tasks(caller("n"), register("n"), tasks);
        Objects.setState(store, "a", TaskState.FAILED);
        simulation.settle();
        assertThat(tasks.messages).hasSize(1);

        Objects.create(
                store, Objects.task("b", "n", TaskState.ASSIGNED), Objects.task("c", "n", TaskState.PENDING));
        simulation.settle();

        assertThat(tasks.messages).hasSize(2);
        assertThat(tasks.last().getTasksList()).extracting(Task::getId).containsExactly("a", "b");
    }

    @Test // rule 6.2.4
    void stoppingTellsEverySessionAndRefusesWhatComesLater() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<SessionMessage> session = open("n", "");
        String id = session.last().getSessionId();
        RecordingSink<AssignmentsMessage> assignments = follow("n", id);

        dispatching.stop();

        assertThat(session.messages).hasSize(2);
        assertRefused(session.ended, Status.Code.ABORTED, "node must disconnect");
        assertRefused(assignments.ended, Status.Code.ABORTED, "dispatcher is stopped");
        assertRefused(beat("n", id).failure, Status.Code.ABORTED, "dispatcher is stopped");
        assertRefused(open("n", "").ended, Status.Code.ABORTED, "dispatcher is stopped");
    }

    @Test
    void aClientThatHasGoneIsForgotten() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<AssignmentsMessage> assignments = follow("n", register("n"));
        dispatching.cancelled(assignments);
        Objects.create(store, Objects.task("a", "n", TaskState.ASSIGNED));
        simulation.settle();
        assertThat(assignments.messages).hasSize(1);
    }
}
