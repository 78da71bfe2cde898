package io.osmia.dispatcher.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.Status;
import io.osmia.roles.Caller;
import io.osmia.roles.Membership;
import io.osmia.roles.Registration;
import io.osmia.store.LocalStore;
import io.osmia.store.Table;
import io.osmia.store.loop.Simulation;
import io.osmia.wire.swarmkit.AssignmentsMessage;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.HeartbeatResponse;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeDescription;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.SessionRequest;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import io.osmia.wire.swarmkit.UpdateTaskStatusRequest.TaskStatusUpdate;
import io.osmia.wire.swarmkit.UpdateTaskStatusResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** A dispatcher on a virtual clock and a local store, and short words for what agents do to it. */
abstract class DispatcherScene {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final Duration PERIOD = Duration.ofSeconds(5);

    final Simulation simulation = new Simulation(START);
    final LocalStore store = simulation.store();
    final List<Membership.Member> members =
            new ArrayList<>(List.of(new Membership.Member(1, "leader", "10.0.0.1:4242", "", true, true)));
    final Dispatching dispatching = make();

    Dispatching make() {
        return make(Duration.ZERO);
    }

    Dispatching make(Duration epsilon) {
        Timing timing = new Timing(
                PERIOD, epsilon, 3, 6, 3, Duration.ofSeconds(8), Duration.ofHours(24), Duration.ofMillis(100),
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

    void begin() {
        simulation.add("dispatcher", dispatching);
        simulation.settle();
    }

    static Caller caller(String nodeId) {
        return new Caller(nodeId, "swarm-worker", "cluster", "192.0.2.7:5000", false);
    }

    RecordingSink<SessionMessage> open(String nodeId, String sessionId) {
        return open(dispatching, nodeId, sessionId);
    }

    RecordingSink<SessionMessage> open(Dispatching dispatching, String nodeId, String sessionId) {
        RecordingSink<SessionMessage> sink = new RecordingSink<>();
        SessionRequest request = SessionRequest.newBuilder()
                .setSessionId(sessionId)
                .setDescription(NodeDescription.newBuilder().setHostname("host-" + nodeId))
                .build();
        dispatching.session(caller(nodeId), request, sink, simulation.now());
        simulation.settle();
        return sink;
    }

    String register(String nodeId) {
        return open(nodeId, "").messages.getFirst().getSessionId();
    }

    RecordingAnswer<HeartbeatResponse> beat(String nodeId, String sessionId) {
        return beatAt(nodeId, sessionId, simulation.now());
    }

    RecordingAnswer<HeartbeatResponse> beatAt(String nodeId, String sessionId, Instant now) {
        RecordingAnswer<HeartbeatResponse> answer = new RecordingAnswer<>();
        dispatching.heartbeat(caller(nodeId), sessionId, answer, now);
        return answer;
    }

    RecordingAnswer<UpdateTaskStatusResponse> report(
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

    RecordingSink<AssignmentsMessage> follow(String nodeId, String sessionId) {
        RecordingSink<AssignmentsMessage> sink = new RecordingSink<>();
        dispatching.assignments(caller(nodeId), sessionId, sink);
        simulation.settle();
        return sink;
    }

    Node node(String id) {
        return store.view().get(Table.NODES, id);
    }

    static void assertRefused(Status status, Status.Code code, String text) {
        assertThat(status).isNotNull();
        assertThat(status.getCode()).isEqualTo(code);
        assertThat(status.getDescription()).isEqualTo(text);
    }

    TaskState state(String taskId) {
        return store.view().get(Table.TASKS, taskId).getStatus().getState();
    }

    void changeCluster(Consumer<Cluster.Builder> change) {
        store.update(Objects.TERM, tx -> {
            Cluster.Builder cluster = tx.get(Table.CLUSTERS, "cluster").toBuilder();
            change.accept(cluster);
            return tx.update(Table.CLUSTERS, cluster.build());
        });
        simulation.settle();
    }
}
