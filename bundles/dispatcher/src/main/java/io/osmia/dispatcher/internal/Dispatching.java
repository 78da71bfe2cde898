package io.osmia.dispatcher.internal;

import com.google.protobuf.Duration;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.osmia.dispatcher.internal.NodeStates.Silent;
import io.osmia.roles.Caller;
import io.osmia.roles.Ids;
import io.osmia.store.By;
import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.wire.swarmkit.AssignmentsMessage;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.HeartbeatResponse;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeDescription;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.SessionRequest;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TasksMessage;
import io.osmia.wire.swarmkit.UpdateTaskStatusRequest.TaskStatusUpdate;
import io.osmia.wire.swarmkit.UpdateTaskStatusResponse;
import io.osmia.wire.swarmkit.UpdateVolumeStatusResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The dispatcher's whole state and behaviour (sections 6.2 to 6.10). Every method runs on the loop's thread; gRPC calls
 * come in as messages, and their answers leave through the observers they bring along.
 */
final class Dispatching implements Reactor {

    private static final String UNKNOWN_MESSAGE =
            "Node moved to \"unknown\" state due to leadership change in cluster";
    static final Status STOPPED = Status.ABORTED.withDescription("dispatcher is stopped");

    private final Store store;
    private final Ids ids;
    private final RandomGenerator random;
    private final Timing timing;
    private final String clusterId;
    private final SessionMessages messages;
    private final StatusWriter writer;
    private final NodeStates states;
    private final HeartbeatTimers orphaning = new HeartbeatTimers();
    private final Streams streams = new Streams();
    private View view;
    private boolean begun;
    private boolean stopped;

    Dispatching(
            Store store,
            Ids ids,
            RandomGenerator random,
            Timing timing,
            String clusterId,
            SessionMessages messages,
            StatusWriter writer) {
        this.store = store;
        this.ids = ids;
        this.random = random;
        this.timing = timing;
        this.clusterId = clusterId;
        this.messages = messages;
        this.writer = writer;
        this.view = store.view();
        this.states = new NodeStates(timing, new PeriodChooser(timing.heartbeat(), timing.epsilon(), random));
    }

    @Override
    public void start(View from, Instant now) {
        view = from;
        readPeriod();
        if (begun) {
            streams.resync(view);
            return;
        }
        begun = true;
        // rule 6.2.2
        for (Node node : view.find(Table.NODES, By.ALL)) {
            if (node.getStatus().getState() == NodeStatus.State.DOWN) {
                orphaning.arm(node.getId(), now.plus(timing.orphanAfter()));
            } else {
                states.unknown(node.getId(), now);
                writer.pending().node(NodeWrite.of(node.getId(), NodeStatus.State.UNKNOWN, UNKNOWN_MESSAGE));
            }
        }
    }

    private void readPeriod() {
        Cluster cluster = view.get(Table.CLUSTERS, clusterId);
        Duration stored = cluster == null
                ? Duration.getDefaultInstance()
                : cluster.getSpec().getDispatcher().getHeartbeatPeriod();
        java.time.Duration period = java.time.Duration.ofSeconds(stored.getSeconds(), stored.getNanos());
        if (!period.isPositive()) {
            period = timing.heartbeat();
        }
        if (!period.equals(states.periods().period())) {
            states.use(new PeriodChooser(period, timing.epsilon(), random));
        }
    }

    @Override
    public void commit(Commit commit, Instant now) {
        view = commit.after();
        for (Change<?> change : commit.changes()) {
            switch (change.object()) {
                case Task task -> streams.task(asTask(change), view);
                case Node node -> nodeChanged(change, node.getId());
                case Cluster cluster when cluster.getId().equals(clusterId) -> {
                    readPeriod();
                    streams.session();
                }
                default -> {
                    // Nothing else reaches agents by itself (rule 6.9.11).
                }
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Change<Task> asTask(Change<?> change) {
        return (Change<Task>) change;
    }

    private void nodeChanged(Change<?> change, String nodeId) {
        if (change.kind() == Change.Kind.REMOVE) {
            states.forget(nodeId);
            orphaning.cancel(nodeId);
            streams.end(nodeId, Status.NOT_FOUND.withDescription("node not registered"));
        } else {
            streams.session(nodeId);
        }
    }

    @Override
    public void tick(Instant now) {
        for (Silent silent : states.expire(now)) {
            down(silent, now);
        }
        for (String nodeId : orphaning.expired(now)) {
            orphanTasks(nodeId);
        }
        streams.flush(view, now);
        writer.tick(now);
    }

    private void down(Silent silent, Instant now) {
        writer.pending().node(NodeWrite.of(silent.nodeId(), NodeStatus.State.DOWN, silent.message()));
        orphaning.arm(silent.nodeId(), now.plus(timing.orphanAfter()));
        streams.end(silent.nodeId(), Status.NOT_FOUND.withDescription("node not registered"));
    }

    private void orphanTasks(String nodeId) {
        view.find(Table.TASKS, By.node(nodeId)).stream()
                .filter(PendingWrites::mayOrphan)
                .forEach(task -> writer.pending().orphan(task.getId()));
    }

    @Override
    public @Nullable Instant deadline() {
        return Earliest.of(states.next(), orphaning.next(), streams.deadline(), writer.deadline());
    }

    /** The list of managers changed. */
    void managersChanged() {
        messages.managersChanged();
        streams.session();
    }

    /** Rule 6.4. */
    void session(Caller caller, SessionRequest request, Sink<SessionMessage> sink, Instant now) {
        if (stopped) {
            sink.end(STOPPED);
            return;
        }
        String nodeId = caller.nodeId();
        String sessionId = request.getSessionId();
        if (states.refusal(nodeId, sessionId).isPresent()) {
            Optional<Status> refusal = states.admit(nodeId, now);
            if (refusal.isEmpty() && store.view().get(Table.NODES, nodeId) == null) {
                states.forget(nodeId);
                refusal = Optional.of(Status.UNKNOWN.withDescription("node not found"));
            }
            if (refusal.isPresent()) {
                sink.end(refusal.get());
                return;
            }
            sessionId = ids.next();
            states.register(nodeId, sessionId, now);
            streams.end(nodeId, Status.INVALID_ARGUMENT.withDescription("session invalid"));
        } else {
            states.beat(nodeId, now);
        }
        orphaning.cancel(nodeId);
        NodeDescription description = request.hasDescription() ? request.getDescription() : null;
        writer.pending()
                .node(new NodeWrite(
                        nodeId, NodeStatus.State.READY, "", Addresses.host(caller.remoteAddress()), description));
        SessionStream stream = new SessionStream(nodeId, sessionId, sink, messages);
        writer.afterwards(() -> opened(stream));
    }

    /** The node is READY in the store: the stream may begin (rule 6.4.2). */
    private void opened(SessionStream stream) {
        if (stream.cancelled()) {
            return;
        }
        Optional<Status> refusal = stopped ? Optional.of(STOPPED) : states.refusal(stream.nodeId(), stream.sessionId());
        if (refusal.isPresent()) {
            stream.end(refusal.get());
            return;
        }
        streams.add(stream);
        stream.open(store.view());
    }

    /** Rule 6.5.1. */
    void heartbeat(Caller caller, String sessionId, StreamObserver<HeartbeatResponse> answer, Instant now) {
        Optional<Status> refusal = refusal(caller, sessionId);
        if (refusal.isPresent()) {
            answer.onError(refusal.get().asRuntimeException());
            return;
        }
        java.time.Duration period = states.beat(caller.nodeId(), now);
        answer.onNext(HeartbeatResponse.newBuilder()
                .setPeriod(Duration.newBuilder()
                        .setSeconds(period.getSeconds())
                        .setNanos(period.getNano()))
                .build());
        answer.onCompleted();
    }

    /** Rule 6.7.1. */
    void taskStatus(
            Caller caller,
            String sessionId,
            List<TaskStatusUpdate> updates,
            StreamObserver<UpdateTaskStatusResponse> answer) {
        Optional<Status> refusal = refusal(caller, sessionId);
        View current = store.view();
        for (TaskStatusUpdate update : updates) {
            Task task = current.get(Table.TASKS, update.getTaskId());
            if (refusal.isEmpty() && task != null && !task.getNodeId().equals(caller.nodeId())) {
                refusal = Optional.of(
                        Status.PERMISSION_DENIED.withDescription("cannot update a task not assigned this node"));
            }
        }
        if (refusal.isPresent()) {
            answer.onError(refusal.get().asRuntimeException());
            return;
        }
        for (TaskStatusUpdate update : updates) {
            if (update.hasStatus() && current.get(Table.TASKS, update.getTaskId()) != null) {
                writer.pending().task(update.getTaskId(), update.getStatus());
            }
        }
        answer.onNext(UpdateTaskStatusResponse.getDefaultInstance());
        answer.onCompleted();
    }

    /** Rule 6.8: no volume is known yet, and unknown ones are ignored. */
    void volumeStatus(Caller caller, String sessionId, StreamObserver<UpdateVolumeStatusResponse> answer) {
        Optional<Status> refusal = refusal(caller, sessionId);
        if (refusal.isPresent()) {
            answer.onError(refusal.get().asRuntimeException());
            return;
        }
        answer.onNext(UpdateVolumeStatusResponse.getDefaultInstance());
        answer.onCompleted();
    }

    /** Rule 6.9. */
    void assignments(Caller caller, String sessionId, Sink<AssignmentsMessage> sink) {
        Optional<Status> refusal = refusal(caller, sessionId);
        if (refusal.isPresent()) {
            sink.end(refusal.get());
            return;
        }
        Pace pace = new Pace(timing.quiet(), timing.changesAtOnce());
        AssignmentStream stream = new AssignmentStream(caller.nodeId(), sessionId, sink, pace);
        streams.add(stream);
        // The loop's own view, since the commits that follow it are yet to come.
        stream.open(view);
    }

    /** Rule 6.10. */
    void tasks(Caller caller, String sessionId, Sink<TasksMessage> sink) {
        Optional<Status> refusal = refusal(caller, sessionId);
        if (refusal.isPresent()) {
            sink.end(refusal.get());
            return;
        }
        Pace pace = new Pace(timing.quiet(), timing.changesAtOnce());
        TaskListStream stream = new TaskListStream(caller.nodeId(), sessionId, sink, pace);
        streams.add(stream);
        stream.open(view);
    }

    /** The client is gone. */
    void cancelled(Sink<?> sink) {
        streams.remove(sink);
    }

    private Optional<Status> refusal(Caller caller, String sessionId) {
        return stopped ? Optional.of(STOPPED) : states.refusal(caller.nodeId(), sessionId);
    }

    /** Ends every stream; later calls are refused (rule 6.2.4). */
    void stop() {
        stopped = true;
        streams.stop(store.view());
    }
}
