package io.osmia.wire;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.osmia.wire.osmia.OptionsProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Sub-messages that the peers always emit, even when they are empty (rule 1.1.8). Thread-safe. */
public final class NonNullable {

    private static final Map<Descriptor, List<Step>> PLANS = new ConcurrentHashMap<>();

    private NonNullable() {}

    /**
     * A message field that must be there, or that may have such fields below.
     *
     * @param missing what to set when it is absent; null when it may be absent
     */
    private record Step(FieldDescriptor field, @Nullable Message missing) {}

    /** The message with every absent non-nullable field set, at any depth; the same instance when none is absent. */
    @SuppressWarnings("unchecked") // the builder of a message builds messages of its class
    public static <M extends Message> M fill(M message) {
        Message.Builder builder = null;
        for (Step step : plan(message)) {
            Object filled = step.field().isRepeated() ? filledElements(message, step) : filledField(message, step);
            if (filled != null) {
                builder = builder == null ? message.toBuilder() : builder;
                builder.setField(step.field(), filled);
            }
        }
        return builder == null ? message : (M) builder.build();
    }

    /** What to put in the place of the field; null when it is right as it is. */
    private static @Nullable Message filledField(Message message, Step step) {
        if (!message.hasField(step.field())) {
            return step.missing();
        }
        Message present = (Message) message.getField(step.field());
        Message filled = fill(present);
        return filled == present ? null : filled;
    }

    private static @Nullable List<Message> filledElements(Message message, Step step) {
        int count = message.getRepeatedFieldCount(step.field());
        List<Message> elements = new ArrayList<>(count);
        boolean changed = false;
        for (int i = 0; i < count; i++) {
            Message present = (Message) message.getRepeatedField(step.field(), i);
            Message filled = fill(present);
            elements.add(filled);
            changed |= filled != present;
        }
        return changed ? elements : null;
    }

    private static List<Step> plan(Message message) {
        Descriptor type = message.getDescriptorForType();
        List<Step> known = PLANS.get(type);
        if (known != null) {
            return known;
        }
        List<Step> plan = newPlan(message);
        PLANS.putIfAbsent(type, plan);
        return plan;
    }

    private static List<Step> newPlan(Message message) {
        List<Step> plan = new ArrayList<>();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            if (isNonNullable(field)) {
                Message.Builder empty = message.newBuilderForType().newBuilderForField(field);
                plan.add(new Step(field, fill(empty.build())));
            } else if (leadsToNonNullable(field.getMessageType(), new HashSet<>())) {
                plan.add(new Step(field, null));
            }
        }
        return List.copyOf(plan);
    }

    private static boolean leadsToNonNullable(Descriptor type, Set<Descriptor> seen) {
        return seen.add(type)
                && type.getFields().stream()
                        .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
                        .anyMatch(field -> isNonNullable(field) || leadsToNonNullable(field.getMessageType(), seen));
    }

    private static boolean isNonNullable(FieldDescriptor field) {
        return field.getOptions().getExtension(OptionsProto.nonNullable);
    }
}
