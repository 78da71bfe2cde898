package io.osmia.itests.peers;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.osmia.wire.osmia.OptionsProto;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which sub-messages are there though they say nothing. */
final class Presence {

    private Presence() {}

    /** The message without the empty sub-messages that our protocol calls non-nullable, at any depth. */
    static Message withoutEmptyNonNullable(Message message) {
        Message.Builder stripped = message.toBuilder();
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            if (field.isRepeated()) {
                stripped.setField(
                        field,
                        elements(entry.getValue()).stream()
                                .map(Presence::withoutEmptyNonNullable)
                                .toList());
            } else {
                Message value = withoutEmptyNonNullable((Message) entry.getValue());
                if (isNonNullable(field) && value.getSerializedSize() == 0) {
                    stripped.clearField(field);
                } else {
                    stripped.setField(field, value);
                }
            }
        }
        return stripped.build();
    }

    /**
     * Names of the fields that hold an empty message though they may be absent, at any depth. Members of a oneof say something
     * by being there.
     */
    static Set<String> emptyNullableFields(Message message) {
        Set<String> found = new TreeSet<>();
        collectEmpty(message, found);
        return found;
    }

    private static void collectEmpty(Message message, Set<String> found) {
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            if (field.isRepeated()) {
                elements(entry.getValue()).forEach(element -> collectEmpty(element, found));
                continue;
            }
            Message value = (Message) entry.getValue();
            if (value.getSerializedSize() == 0 && !isNonNullable(field) && field.getContainingOneof() == null) {
                found.add(field.getFullName());
            }
            collectEmpty(value, found);
        }
    }

    /** Names of the messages that hold a field we do not know, at any depth. */
    static Set<String> withUnknownFields(Message message) {
        Set<String> found = new TreeSet<>();
        collectUnknown(message, found);
        return found;
    }

    private static void collectUnknown(Message message, Set<String> found) {
        if (!message.getUnknownFields().asMap().isEmpty()) {
            found.add(message.getDescriptorForType().getFullName()
                    + message.getUnknownFields().asMap().keySet());
        }
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            if (entry.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                List<Message> values =
                        entry.getKey().isRepeated() ? elements(entry.getValue()) : List.of((Message) entry.getValue());
                values.forEach(value -> collectUnknown(value, found));
            }
        }
    }

    /** The message with these fields added to it and to each message below. */
    static Message withUnknownFieldEverywhere(Message message, UnknownFieldSet added) {
        Message.Builder changed = message.toBuilder().setUnknownFields(added);
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || field.isMapField()) {
                continue; // entries of maps keep no unknown fields
            }
            if (field.isRepeated()) {
                changed.setField(
                        field,
                        elements(entry.getValue()).stream()
                                .map(element -> withUnknownFieldEverywhere(element, added))
                                .toList());
            } else {
                changed.setField(field, withUnknownFieldEverywhere((Message) entry.getValue(), added));
            }
        }
        return changed.build();
    }

    private static boolean isNonNullable(FieldDescriptor field) {
        return field.getOptions().getExtension(OptionsProto.nonNullable);
    }

    @SuppressWarnings("unchecked") // repeated fields of messages hold lists of messages
    private static List<Message> elements(Object value) {
        return (List<Message>) value;
    }
}
