package io.osmia.store;

import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import java.util.Locale;
import java.util.Optional;

/** Names that are derived from other fields. */
public final class Names {

    private Names() {}

    /** Runtime name of a task: its own, else {@code <service>.<slot>.<id>} with the node in place of slot 0 (1.2.7). */
    public static String taskName(Task task) {
        String own = task.getAnnotations().getName();
        if (!own.isEmpty()) {
            return own;
        }
        String place = task.getSlot() == 0 ? task.getNodeId() : Long.toUnsignedString(task.getSlot());
        return task.getServiceAnnotations().getName() + '.' + place + '.' + task.getId();
    }

    /** What a spec runs on: attachment, container, or the generic kind; empty when it says nothing (1.2.8). */
    public static Optional<String> runtime(TaskSpec spec) {
        return switch (spec.getRuntimeCase()) {
            case ATTACHMENT -> Optional.of("attachment");
            case CONTAINER -> Optional.of("container");
            case GENERIC -> Optional.of(spec.getGeneric().getKind().toLowerCase(Locale.ROOT));
            case RUNTIME_NOT_SET -> Optional.empty();
        };
    }
}
