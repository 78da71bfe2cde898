package io.osmia.agent.internal.task;

import com.google.protobuf.Timestamp;
import io.osmia.api.executor.Port;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import io.osmia.wire.swarmkit.ContainerStatus;
import io.osmia.wire.swarmkit.PortConfig;
import io.osmia.wire.swarmkit.PortStatus;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.time.Instant;
import java.util.List;

/** All progress of a task: which step is next, and what a step's outcome makes of the status (rule 6.14). Pure. */
public final class TaskMachine {

    private TaskMachine() {}

    /** The next step; the first rule that fits wins (rule 6.14.2). */
    public static Step next(TaskState state, TaskState desired) {
        if (desired.getNumber() >= TaskState.SHUTDOWN_VALUE) {
            return ended(state) ? Step.REST : Step.SHUTDOWN;
        }
        if (state.getNumber() > desired.getNumber()) {
            return Step.REST;
        }
        Step verb = switch (state) {
            case PREPARING -> Step.PREPARE;
            case STARTING -> Step.START;
            case RUNNING -> Step.AWAIT;
            default -> Step.REST;
        };
        if (verb != Step.REST || state.getNumber() >= desired.getNumber()) {
            return verb;
        }
        return switch (state) {
            case NEW, PENDING, ASSIGNED -> Step.ACCEPT;
            case ACCEPTED -> Step.BEGIN_PREPARE;
            case READY -> Step.BEGIN_START;
            default -> Step.REST;
        };
    }

    /** Whether nothing more will happen to a task in that state. */
    public static boolean ended(TaskState state) {
        return state.getNumber() >= TaskState.COMPLETE_VALUE;
    }

    /** The status after a step; the same one when nothing is to be recorded (rule 6.14.3). */
    public static TaskStatus after(TaskStatus status, Step step, Outcome outcome, Instant now) {
        return switch (outcome) {
            case Outcome.Cancelled() -> status;
            case Outcome.Done() -> to(status, step.result(), step.message(), "", now);
            case Outcome.Failed(String err, boolean temporary) ->
                to(status, temporary ? status.getState() : failure(status.getState()), status.getMessage(), err, now);
            case Outcome.Exited(TaskExit exit) -> exited(status, exit, now);
        };
    }

    /** The status when no controller could be made (rule 6.14.1). */
    public static TaskStatus unresolved(TaskStatus status, String err, Instant now) {
        TaskState state = status.getState();
        return to(status, ended(state) ? state : failure(state), "resolving controller failed", err, now);
    }

    /**
     * The status of a task whose workload was looked up by its handle. A task that is to be stopped goes on to that,
     * whatever became of it.
     */
    public static TaskStatus recovered(TaskStatus status, Recovery recovery, TaskState desired, Instant now) {
        boolean stopping = desired.getNumber() >= TaskState.SHUTDOWN_VALUE;
        int state = status.getStateValue();
        return switch (recovery) {
            case Recovery.Running() when state < TaskState.RUNNING_VALUE ->
                after(status, Step.START, new Outcome.Done(), now);
            case Recovery.Exited(TaskExit exit) when !stopping -> exited(status, exit, now);
            case Recovery.Prepared() when state >= TaskState.RUNNING_VALUE && !stopping -> gone(status, now);
            case Recovery.Gone() when state >= TaskState.STARTING_VALUE && !stopping -> gone(status, now);
            default -> status;
        };
    }

    private static TaskStatus gone(TaskStatus status, Instant now) {
        return to(status, TaskState.FAILED, status.getMessage(), "workload is gone", now);
    }

    private static TaskState failure(TaskState state) {
        return state.getNumber() < TaskState.STARTING_VALUE ? TaskState.REJECTED : TaskState.FAILED;
    }

    private static TaskStatus exited(TaskStatus status, TaskExit exit, Instant now) {
        if (exit.code().isEmpty()) {
            String err = exit.message().isEmpty() ? "exit status unknown" : exit.message();
            return to(status, TaskState.FAILED, status.getMessage(), err, now);
        }
        int code = exit.code().getAsInt();
        if (code == 0) {
            return to(status, TaskState.COMPLETE, Step.AWAIT.message(), "", now);
        }
        String err = "task: non-zero exit (" + code + ")" + (exit.message().isEmpty() ? "" : ": " + exit.message());
        TaskStatus.Builder failed =
                to(status, TaskState.FAILED, status.getMessage(), err, now).toBuilder();
        failed.getContainerBuilder().setExitCode(code);
        return failed.build();
    }

    private static TaskStatus to(TaskStatus status, TaskState state, String message, String err, Instant now) {
        TaskStatus next = status.toBuilder()
                .setState(state)
                .setMessage(message)
                .setErr(err)
                .build();
        return next.equals(status) ? status : next.toBuilder().setTimestamp(timestamp(now)).build();
    }

    /** Whether the status has something to say of the workload: from STARTING on (rule 6.14.5). */
    static boolean tellsOfWorkload(TaskStatus status) {
        return status.getStateValue() >= TaskState.STARTING_VALUE && status.getState() != TaskState.REJECTED;
    }

    /** From STARTING on the status tells what runs (rule 6.14.5). */
    public static TaskStatus with(TaskStatus status, TaskController.Status workload) {
        if (!tellsOfWorkload(status)) {
            return status;
        }
        ContainerStatus.Builder container = status.getContainer().toBuilder().setContainerId(workload.containerId());
        workload.pid().ifPresent(pid -> container.setPid((int) pid));
        TaskStatus.Builder complete = status.toBuilder().setContainer(container);
        if (!workload.ports().isEmpty()) {
            complete.setPortStatus(ports(workload.ports()));
        }
        return complete.build();
    }

    private static PortStatus ports(List<Port> published) {
        PortStatus.Builder ports = PortStatus.newBuilder();
        for (Port port : published) {
            ports.addPorts(PortConfig.newBuilder()
                    .setName(port.name())
                    .setProtocol(ContainerParts.protocol(port.protocol()))
                    .setTargetPort(port.target())
                    .setPublishedPort(port.published())
                    .setPublishMode(PortConfig.PublishMode.HOST));
        }
        return ports.build();
    }

    private static Timestamp timestamp(Instant at) {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }
}
