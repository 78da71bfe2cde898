package io.osmia.agent.internal.session;

import com.google.protobuf.Duration;
import io.grpc.Channel;
import io.grpc.Status;
import io.osmia.agent.internal.task.Worker;
import io.osmia.wire.swarmkit.AssignmentsMessage;
import io.osmia.wire.swarmkit.AssignmentsRequest;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import io.osmia.wire.swarmkit.HeartbeatRequest;
import io.osmia.wire.swarmkit.HeartbeatResponse;
import io.osmia.wire.swarmkit.NodeDescription;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.SessionRequest;
import io.osmia.wire.swarmkit.TaskStatus;
import io.osmia.wire.swarmkit.UpdateTaskStatusRequest;
import io.osmia.wire.swarmkit.UpdateTaskStatusRequest.TaskStatusUpdate;
import io.osmia.wire.swarmkit.UpdateTaskStatusResponse;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session with one manager: registers, beats, follows assignments and reports, until any of these fails (rule 6.11).
 * One thread runs it; everything else comes in as an {@link Event}.
 */
final class Session {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final long INITIATION = TimeUnit.SECONDS.toNanos(5);
    private static final long CALL = TimeUnit.SECONDS.toNanos(5);
    private static final long LEAST_PATIENCE = TimeUnit.SECONDS.toNanos(1);
    private static final long DESCRIBE_EVERY = TimeUnit.SECONDS.toNanos(20);
    private static final String NOT_OURS = "cannot update a task not assigned this node";

    private final DispatcherGrpc.DispatcherStub dispatcher;
    private final Worker worker;
    private final Reporter reporter;
    private final NodeDescriber describer;
    private final Consumer<SessionMessage> messages;
    private final Runnable registered;
    private final BlockingQueue<Event> inbox = new LinkedBlockingQueue<>();

    // The session's thread only.
    private String sessionId;
    private NodeDescription described = NodeDescription.getDefaultInstance();
    private @Nullable Inbound<SessionRequest, SessionMessage> sessionStream;
    private @Nullable Inbound<AssignmentsRequest, AssignmentsMessage> assignmentStream;
    private int streams;
    private int currentSession;
    private int currentAssignments;
    private boolean open;
    private boolean reporting;
    private int singly;
    private String results = "";
    private long initiateBy;
    private long beatAt = Long.MAX_VALUE;
    private long patience = CALL;
    private long describeAt;

    /**
     * @param formerId id of the session before, or empty (rule 6.11.4)
     * @param messages takes every session message
     * @param registered called once, when the manager has accepted this node
     */
    Session(
            Channel channel,
            String formerId,
            Worker worker,
            Reporter reporter,
            NodeDescriber describer,
            Consumer<SessionMessage> messages,
            Runnable registered) {
        this.dispatcher = DispatcherGrpc.newStub(channel)
                // A complete assignment may be larger than what servers take (12.5).
                .withMaxInboundMessageSize(Integer.MAX_VALUE);
        this.sessionId = formerId;
        this.worker = worker;
        this.reporter = reporter;
        this.describer = describer;
        this.messages = messages;
        this.registered = registered;
    }

    /** Any thread. */
    void post(Event event) {
        inbox.add(event);
    }

    String sessionId() {
        return sessionId;
    }

    /** Runs the session until it ends; returns when it was asked to stop. */
    void run() throws SessionEndedException, InterruptedException {
        initiateBy = System.nanoTime() + INITIATION;
        describeAt = System.nanoTime() + DESCRIBE_EVERY;
        announce(describer.describe());
        while (true) {
            Event event = inbox.poll(untilNext(), TimeUnit.NANOSECONDS);
            if (event instanceof Event.Stop) {
                return;
            }
            if (event != null) {
                handle(event);
            }
            onTime(System.nanoTime());
        }
    }

    private long untilNext() {
        long now = System.nanoTime();
        if (!open) {
            return initiateBy - now;
        }
        return Math.min(beatAt == Long.MAX_VALUE ? Long.MAX_VALUE : beatAt - now, describeAt - now);
    }

    private void onTime(long now) throws SessionEndedException {
        if (!open) {
            if (now - initiateBy >= 0) {
                throw new SessionEndedException("session initiation timed out");
            }
            return;
        }
        if (beatAt != Long.MAX_VALUE && now - beatAt >= 0) {
            beat();
        }
        if (now - describeAt >= 0) {
            describeAgain();
        }
    }

    private void handle(Event event) throws SessionEndedException {
        switch (event) {
            case Event.Told(int stream, SessionMessage message) when stream == currentSession -> told(message);
            case Event.Assigned(int stream, AssignmentsMessage message) when stream == currentAssignments ->
                assigned(message);
            case Event.Beaten(HeartbeatResponse response) -> beaten(nanos(response.getPeriod()));
            case Event.Reported() -> {
                reporting = false;
                report();
            }
            case Event.NotReported(var batch, Status status) -> notReported(batch, status);
            case Event.ReportsWait() -> report();
            case Event.DescriptionMayDiffer() -> describeAgain();
            case Event.Leave(String why) -> throw new SessionEndedException(why);
            case Event.Failed(int stream, String what, Status status) when counts(stream) ->
                throw new SessionEndedException(what, status);
            default -> {
                // From a stream that was replaced.
            }
        }
    }

    private boolean counts(int stream) {
        return stream == 0 || stream == currentSession || stream == currentAssignments;
    }

    private static long nanos(Duration duration) {
        return TimeUnit.SECONDS.toNanos(duration.getSeconds()) + duration.getNanos();
    }

    /**
     * Opens the session stream, or opens it anew with another description: a manager that knows the session keeps it
     * (rule 6.4.1), so assignments and heartbeats go on undisturbed.
     */
    private void announce(NodeDescription description) {
        described = description;
        Inbound<SessionRequest, SessionMessage> former = sessionStream;
        int stream = ++streams;
        currentSession = stream;
        Inbound<SessionRequest, SessionMessage> inbound = new Inbound<>(
                message -> post(new Event.Told(stream, message)),
                status -> post(new Event.Failed(stream, "session", status)));
        sessionStream = inbound;
        dispatcher.session(
                SessionRequest.newBuilder()
                        .setSessionId(sessionId)
                        .setDescription(description)
                        .build(),
                inbound);
        if (former != null) {
            former.cancel();
        }
    }

    private void describeAgain() {
        describeAt = System.nanoTime() + DESCRIBE_EVERY;
        NodeDescription description = describer.describe();
        if (open && !description.equals(described)) {
            LOG.info("the node's description changed, announcing it");
            announce(description);
        }
    }

    private void told(SessionMessage message) throws SessionEndedException {
        boolean another = open && !message.getSessionId().equals(sessionId);
        sessionId = message.getSessionId();
        if (another) {
            // The next session goes on with this one, so that it is not one registration more.
            throw new SessionEndedException("the manager began another session");
        }
        messages.accept(message);
        if (!open) {
            open = true;
            registered.run();
            worker.statuses().forEach(reporter::report);
            followAssignments();
            beat();
            report();
            // What changed while the session was being opened.
            describeAgain();
        }
    }

    private void followAssignments() {
        Inbound<AssignmentsRequest, AssignmentsMessage> former = assignmentStream;
        if (former != null) {
            former.cancel();
        }
        results = "";
        int stream = ++streams;
        currentAssignments = stream;
        Inbound<AssignmentsRequest, AssignmentsMessage> inbound = new Inbound<>(
                message -> post(new Event.Assigned(stream, message)),
                status -> post(new Event.Failed(stream, "assignments", status)));
        assignmentStream = inbound;
        dispatcher.assignments(
                AssignmentsRequest.newBuilder().setSessionId(sessionId).build(), inbound);
    }

    private void assigned(AssignmentsMessage message) {
        boolean gap = !message.getAppliesTo().equals(results);
        results = message.getResultsIn();
        switch (message.getType()) {
            case COMPLETE -> worker.assign(message.getChangesList());
            case INCREMENTAL -> worker.update(message.getChangesList());
            default -> LOG.warn("assignments of unknown type {} are passed over", message.getTypeValue());
        }
        if (gap) {
            LOG.warn("assignments {} do not follow {}, asking for the whole list", message.getAppliesTo(), results);
            followAssignments();
        }
    }

    /**
     * The next one is due after that time. It is waited for only half as long, at most the 5 s of rule 6.11.5: when a
     * manager hangs, most of the three periods of grace is left to find another one.
     */
    private void beaten(long period) {
        beatAt = System.nanoTime() + period;
        patience = Math.clamp(period / 2, LEAST_PATIENCE, CALL);
    }

    private void beat() {
        // The answer says when the next one is due.
        beatAt = Long.MAX_VALUE;
        dispatcher
                .withDeadlineAfter(patience, TimeUnit.NANOSECONDS)
                .heartbeat(
                        HeartbeatRequest.newBuilder().setSessionId(sessionId).build(),
                        new Inbound<HeartbeatRequest, HeartbeatResponse>(
                                response -> post(new Event.Beaten(response)),
                                status -> failUnlessOk("heartbeat", status)));
    }

    private void failUnlessOk(String what, Status status) {
        if (!status.isOk()) {
            post(new Event.Failed(0, what, status));
        }
    }

    private void report() {
        if (!open || reporting) {
            return;
        }
        Map<String, TaskStatus> batch = singly > 0 ? reporter.take(1) : reporter.take();
        if (batch.isEmpty()) {
            singly = 0;
            return;
        }
        singly = Math.max(0, singly - 1);
        reporting = true;
        UpdateTaskStatusRequest.Builder request =
                UpdateTaskStatusRequest.newBuilder().setSessionId(sessionId);
        batch.forEach((id, status) -> request.addUpdates(
                TaskStatusUpdate.newBuilder().setTaskId(id).setStatus(status)));
        dispatcher
                .withDeadlineAfter(CALL, TimeUnit.NANOSECONDS)
                .updateTaskStatus(
                        request.build(),
                        new Inbound<UpdateTaskStatusRequest, UpdateTaskStatusResponse>(
                                response -> {},
                                status -> post(
                                        status.isOk()
                                                ? new Event.Reported()
                                                : new Event.NotReported(batch, status))));
    }

    private void notReported(Map<String, TaskStatus> batch, Status status) throws SessionEndedException {
        reporting = false;
        if (status.getCode() == Status.Code.NOT_FOUND && !"node not registered".equals(status.getDescription())) {
            LOG.warn("the manager does not know tasks {} any more", batch.keySet());
            report();
            return;
        }
        if (status.getCode() == Status.Code.PERMISSION_DENIED && NOT_OURS.equals(status.getDescription())) {
            refused(batch);
            return;
        }
        reporter.giveBack(batch);
        throw new SessionEndedException("status report", status);
    }

    /** The manager has one of them on another node and takes none (rule 6.7.1): each is told alone, and that one dropped. */
    private void refused(Map<String, TaskStatus> batch) {
        if (batch.size() == 1) {
            LOG.warn("the manager has tasks {} on another node, their status is not reported", batch.keySet());
        } else {
            reporter.giveBack(batch);
            singly = batch.size();
        }
        report();
    }
}
