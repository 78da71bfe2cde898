package io.osmia.agent.internal.session;

import com.google.protobuf.Duration;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import io.osmia.wire.swarmkit.AssignmentsMessage;
import io.osmia.wire.swarmkit.AssignmentsRequest;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import io.osmia.wire.swarmkit.HeartbeatRequest;
import io.osmia.wire.swarmkit.HeartbeatResponse;
import io.osmia.wire.swarmkit.Peer;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.SessionRequest;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.UpdateTaskStatusRequest;
import io.osmia.wire.swarmkit.UpdateTaskStatusResponse;
import io.osmia.wire.swarmkit.WeightedPeer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A manager that answers as it is told and notes what it is asked; tests wait for that, with a bound. */
final class ScriptedManager extends DispatcherGrpc.DispatcherImplBase implements AutoCloseable {

    private static final String NEW_SESSION = "session-of-";

    private final String name;
    private final Server server;
    // the following are guarded by this
    private final List<SessionRequest> sessions = new ArrayList<>();
    private final List<UpdateTaskStatusRequest> reports = new ArrayList<>();
    private final Queue<Status> sessionRefusals = new ArrayDeque<>();
    private final Queue<Status> reportRefusals = new ArrayDeque<>();
    private final Set<String> disowned = new HashSet<>();
    private final List<WeightedPeer> managers = new ArrayList<>();
    private final List<Long> patience = new ArrayList<>();
    private @Nullable StreamObserver<SessionMessage> stream;
    private boolean hangs;

    /** Reached in this process by its name. */
    ScriptedManager(String name) throws IOException {
        this.name = name;
        this.server = InProcessServerBuilder.forName(name)
                .directExecutor()
                .addService(this)
                .build()
                .start();
    }

    synchronized ScriptedManager refuseSessions(Status... with) {
        sessionRefusals.addAll(List.of(with));
        return this;
    }

    synchronized ScriptedManager refuseReports(Status... with) {
        reportRefusals.addAll(List.of(with));
        return this;
    }

    /** From now on that task belongs to another node; forgets the reports so far. */
    synchronized void disowns(String taskId) {
        disowned.add(taskId);
        reports.clear();
    }

    synchronized ScriptedManager lists(String nodeId, String address) {
        managers.add(WeightedPeer.newBuilder()
                .setPeer(Peer.newBuilder().setNodeId(nodeId).setAddr(address))
                .setWeight(10)
                .build());
        return this;
    }

    /** Ends the open session. */
    synchronized void endSession(Status status) {
        if (stream != null) {
            stream.onError(status.asRuntimeException());
        }
    }

    private synchronized SessionMessage message(String sessionId) {
        return SessionMessage.newBuilder().setSessionId(sessionId).addAllManagers(managers).build();
    }

    @Override
    public synchronized void session(SessionRequest request, StreamObserver<SessionMessage> answer) {
        sessions.add(request);
        notifyAll();
        Status refusal = sessionRefusals.poll();
        if (refusal != null) {
            answer.onError(refusal.asRuntimeException());
            return;
        }
        stream = answer;
        answer.onNext(message(request.getSessionId().isEmpty() ? NEW_SESSION + name : request.getSessionId()));
    }

    /** Answers the first heartbeat, asks for the next one at once, and answers no other. */
    synchronized ScriptedManager hangsAfterOneBeat() {
        hangs = true;
        return this;
    }

    /** How long the caller of each heartbeat waits for its answer, in milliseconds. */
    synchronized List<Long> patience() {
        return List.copyOf(patience);
    }

    @Override
    public synchronized void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> answer) {
        Deadline deadline = Objects.requireNonNull(Context.current().getDeadline());
        patience.add(deadline.timeRemaining(TimeUnit.MILLISECONDS));
        if (hangs && patience.size() > 1) {
            return;
        }
        answer.onNext(HeartbeatResponse.newBuilder()
                .setPeriod(Duration.newBuilder().setSeconds(hangs ? 0 : 3600))
                .build());
        answer.onCompleted();
    }

    @Override
    public void assignments(AssignmentsRequest request, StreamObserver<AssignmentsMessage> answer) {
        // An agent that hears nothing keeps what it has.
    }

    @Override
    public synchronized void updateTaskStatus(
            UpdateTaskStatusRequest request, StreamObserver<UpdateTaskStatusResponse> answer) {
        Status refusal = reportRefusals.poll();
        if (request.getUpdatesList().stream().anyMatch(update -> disowned.contains(update.getTaskId()))) {
            refusal = Status.PERMISSION_DENIED.withDescription("cannot update a task not assigned this node");
        }
        if (refusal != null) {
            answer.onError(refusal.asRuntimeException());
            return;
        }
        reports.add(request);
        notifyAll();
        answer.onNext(UpdateTaskStatusResponse.getDefaultInstance());
        answer.onCompleted();
    }

    /** Waits for so many session requests; the last of them. */
    SessionRequest awaitSessions(int count) throws InterruptedException {
        await(count + " sessions", manager -> manager.sessions.size() >= count);
        synchronized (this) {
            return sessions.get(count - 1);
        }
    }

    synchronized int sessionCount() {
        return sessions.size();
    }

    /** Waits until a task was reported in a state, in a report that was taken. */
    void awaitReport(String taskId, TaskState state) throws InterruptedException {
        await(taskId + " " + state, manager -> manager.reports.stream()
                .flatMap(report -> report.getUpdatesList().stream())
                .anyMatch(update -> update.getTaskId().equals(taskId) && update.getStatus().getState() == state));
    }

    private synchronized void await(String what, Predicate<ScriptedManager> expected) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!expected.test(this)) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError(
                        name + ": no " + what + "; sessions " + sessions + ", reports " + reports);
            }
            wait(left);
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
