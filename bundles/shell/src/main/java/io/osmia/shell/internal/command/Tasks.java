package io.osmia.shell.internal.command;

import io.osmia.shell.internal.text.Age;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Instant;
import java.util.Comparator;

/** What is told about tasks in several places. */
public final class Tasks {

    /** By slot, then the newest first (rule 10.5). */
    public static final Comparator<Task> BY_SLOT = Comparator.<Task, String>comparing(
            task -> task.getServiceAnnotations().getName())
            .thenComparing(Task::getSlot, Long::compareUnsigned)
            .thenComparing(task -> task.getSlot() == 0 ? task.getNodeId() : "")
            .thenComparing(
                    task -> Instant.ofEpochSecond(
                            task.getMeta().getCreatedAt().getSeconds(),
                            task.getMeta().getCreatedAt().getNanos()),
                    Comparator.reverseOrder())
            .thenComparing(Task::getId);

    private Tasks() {}

    /** Whether it is meant to run, rather than kept as history. */
    public static boolean isWanted(Task task) {
        return task.getDesiredState().getNumber() <= TaskState.RUNNING_VALUE;
    }

    /** Service and slot; the node takes the slot's place where there are no slots. */
    public static String name(Task task) {
        String service = task.getServiceAnnotations().getName();
        String owner = service.isEmpty() ? task.getServiceId() : service;
        return owner + "." + (task.getSlot() == 0 ? task.getNodeId() : Long.toUnsignedString(task.getSlot()));
    }

    /** State and age. */
    public static String lastState(Task task, Instant now) {
        String state = task.getStatus().getState().name();
        return task.getStatus().hasTimestamp()
                ? state + " " + Age.of(task.getStatus().getTimestamp(), now)
                : state;
    }

    /** Why it is where it is, if someone said. */
    public static String why(Task task) {
        return task.getStatus().getErr().replace('\n', ' ');
    }
}
