package io.osmia.agent.internal.task;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.Driver;
import io.osmia.wire.swarmkit.ResourceRequirements;
import io.osmia.wire.swarmkit.Task;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a task asks for and its executor cannot do: nothing is accepted and ignored. */
final class UnhonouredFields {

    /** The image chose the executor. */
    private static final String IMAGE = "image";

    private static final Set<String> WRAPPERS =
            Set.of("google.protobuf.BoolValue", "google.protobuf.Int64Value", "google.protobuf.Duration");

    private UnhonouredFields() {}

    /** Protocol name of the first field that is set and not honoured. */
    static Optional<String> first(Task task, ContainerSpec container, Set<String> honours) {
        return firstOf(container, "", honours)
                .or(() -> resources(task.getSpec().getResources(), honours))
                .or(() -> logDriver(task, honours))
                .or(() -> ports(task, honours));
    }

    private static Optional<String> firstOf(Message message, String prefix, Set<String> honours) {
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            String name = prefix + field.getKey().getName();
            if (!name.equals(IMAGE) && asksForSomething(field.getKey(), field.getValue()) && !honours.contains(name)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    /** An empty sub-message says nothing, but a duration of nothing and a plain false do. */
    private static boolean asksForSomething(FieldDescriptor field, Object value) {
        if (field.isRepeated() || field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            return true;
        }
        return WRAPPERS.contains(field.getMessageType().getFullName())
                || !value.equals(((Message) value).getDefaultInstanceForType());
    }

    /** Reservations are the scheduler's; limits are the executor's. */
    private static Optional<String> resources(ResourceRequirements resources, Set<String> honours) {
        return firstOf(resources.getLimits(), "resources.", honours)
                .or(() -> firstOf(
                        resources.toBuilder().clearLimits().clearReservations().build(), "resources.", honours));
    }

    private static Optional<String> logDriver(Task task, Set<String> honours) {
        return task.getLogDriver().equals(Driver.getDefaultInstance()) || honours.contains("log_driver")
                ? Optional.empty()
                : Optional.of("log_driver");
    }

    /** Ports of the host; those of the cluster are not the executor's. */
    private static Optional<String> ports(Task task, Set<String> honours) {
        return TaskMapping.ports(task).isEmpty() || honours.contains("ports") ? Optional.empty() : Optional.of("ports");
    }
}
