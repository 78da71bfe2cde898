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
import io.osmia.wire.osmia.ListEvidenceResponse;
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
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dispatcher's whole state and behaviour (sections 6.2 to 6.10). Every method runs on the loop's thread; gRPC calls
 * come in as messages, and their answers leave through the observers they bring along.
 */
final class Dispatching implements Reactor {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatching.class);

    private static final String UNKNOWN_MESSAGE =
            "Node moved to \"unknown\" state due to leadership change in cluster";
    /** A tick that comes later than this after its time was held up, as everything else in this process was. */
    private static final java.time.Duration HELD_UP = java.time.Duration.ofSeconds(1);

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
    private final Evidence evidence = new Evidence();
    private View view;
    /** When this loop last looked at the time. */
    private Instant acted = Instant.MAX;
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
        acted = now;
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
            evidence.forget(nodeId);
            streams.end(nodeId, Status.NOT_FOUND.withDescription("node not registered"));
        } else {
            streams.session(nodeId);
        }
    }

    @Override
    public void tick(Instant now) {
        forgiveOwnPause(now);
        for (Silent silent : states.expire(now)) {
            down(silent, now);
        }
        for (String nodeId : orphaning.expired(now)) {
            orphanTasks(nodeId);
        }
        streams.flush(view, now);
        writer.tick(now);
    }

    /** After a pause of this process the heartbeats of that time are still to be read, and must not count as missed. */
    private void forgiveOwnPause(Instant now) {
        Instant due = states.next();
        if (due != null && due.plus(HELD_UP).isBefore(now) && acted.isBefore(now)) {
            java.time.Duration pause = java.time.Duration.between(acted, now);
            LOG.warn("dispatcher: held up for {} s, every node gets that much longer to be heard of",
                    pause.toSeconds());
            states.paused(pause);
        }
        acted = now;
    }

    private void down(Silent silent, Instant now) {
        evidence.error(silent.nodeId(), silent.message(), now);
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
            refusal.ifPresent(tooOften -> LOG.warn(
                    "dispatcher: node {} registers again and again, now from {}: its connection breaks, or a second node runs"
                            + " with a copy of its state directory",
                    nodeId,
                    caller.remoteAddress()));
            if (refusal.isEmpty() && store.view().get(Table.NODES, nodeId) == null) {
                states.forget(nodeId);
                refusal = Optional.of(Status.UNKNOWN.withDescription("node not found"));
            }
            if (refusal.isPresent()) {
                note(nodeId, refusal.get(), now);
                sink.end(refusal.get());
                return;
            }
            sessionId = ids.next();
            states.register(nodeId, sessionId, now);
            evidence.registered(nodeId, now);
            streams.end(nodeId, Status.INVALID_ARGUMENT.withDescription("session invalid"));
        } else {
            states.beat(nodeId, now);
            evidence.beat(nodeId, now);
            streams.replaceSession(nodeId);
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
            note(caller.nodeId(), refusal.get(), now);
            answer.onError(refusal.get().asRuntimeException());
            return;
        }
        evidence.beat(caller.nodeId(), now);
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

    /** Remembers why the node was refused, if there is such a node: strangers must not fill the memory. */
    private void note(String nodeId, Status refusal, Instant now) {
        if (store.view().get(Table.NODES, nodeId) != null) {
            evidence.error(nodeId, String.valueOf(refusal.getDescription()), now);
        }
    }

    /** What was heard of the nodes, by id; of all nodes when none is named. */
    void evidence(List<String> nodeIds, StreamObserver<ListEvidenceResponse> answer) {
        if (stopped) {
            answer.onError(STOPPED.asRuntimeException());
            return;
        }
        Set<String> wanted = Set.copyOf(nodeIds);
        ListEvidenceResponse.Builder response = ListEvidenceResponse.newBuilder();
        for (Node node : store.view().find(Table.NODES, By.ALL)) {
            if (wanted.isEmpty() || wanted.contains(node.getId())) {
                response.addNodes(evidence.about(node.getId()));
            }
        }
        answer.onNext(response.build());
        answer.onCompleted();
    }

    /** The client is gone. */
    void cancelled(Sink<?> sink, Instant now) {
        if (streams.remove(sink) instanceof SessionStream session && !session.replaced()) {
            evidence.error(session.nodeId(), "the connection of its session was closed", now);
        }
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
