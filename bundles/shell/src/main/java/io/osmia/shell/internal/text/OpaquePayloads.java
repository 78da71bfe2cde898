package io.osmia.shell.internal.text;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.osmia.wire.swarmkit.ContainerSpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Payloads of types that this program does not know. JSON cannot show them, so each is replaced by a
 * note of its type and bytes; a
 * service of another kind must not make a whole list unreadable.
 */
final class OpaquePayloads {

    private OpaquePayloads() {}

    static Message namedIn(Message message) {
        if (message instanceof Any any) {
            return isKnown(any) ? any : Any.pack(described(any));
        }
        Message.Builder copy = null;
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            FieldDescriptor descriptor = field.getKey();
            if (descriptor.getJavaType() != FieldDescriptor.JavaType.MESSAGE || descriptor.isMapField()) {
                continue;
            }
            Object replaced = replaced(field.getValue());
            if (replaced != field.getValue()) {
                copy = copy == null ? message.toBuilder() : copy;
                copy.setField(descriptor, replaced);
            }
        }
        return copy == null ? message : copy.build();
    }

    private static Struct described(Any any) {
        String bytes = Base64.getEncoder().encodeToString(any.getValue().toByteArray());
        return Struct.newBuilder()
                .putFields(
                        "type_url", Value.newBuilder().setStringValue(any.getTypeUrl()).build())
                .putFields("value", Value.newBuilder().setStringValue(bytes).build())
                .build();
    }

    private static Object replaced(Object value) {
        if (value instanceof List<?> list) {
            List<Message> replaced = list.stream().map(item -> namedIn((Message) item)).toList();
            return replaced.equals(list) ? list : replaced;
        }
        return namedIn((Message) value);
    }

    private static boolean isKnown(Any any) {
        if (any.equals(Any.getDefaultInstance())) {
            return true;
        }
        if (!any.getTypeUrl().endsWith("/" + ContainerSpec.getDescriptor().getFullName())) {
            return false;
        }
        try {
            ContainerSpec.parseFrom(any.getValue());
            return true;
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }
}
