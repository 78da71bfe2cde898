package io.osmia.shell.internal.text;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.osmia.wire.swarmkit.ContainerSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Protobuf's JSON with the field names of the wire. */
public final class Json {

    private static final JsonFormat.Printer PRINTER = JsonFormat.printer()
            .preservingProtoFieldNames()
            .usingTypeRegistry(
                    TypeRegistry.newBuilder().add(ContainerSpec.getDescriptor()).add(Struct.getDescriptor()).build());

    private static final Map<String, Character> PLAIN =
            Map.of("003d", '=', "003c", '<', "003e", '>', "0026", '&', "0027", '\'');

    private Json() {}

    public static String object(Message message) {
        try {
            return readable(PRINTER.print(OpaquePayloads.namedIn(message)));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("cannot be written as JSON: " + e.getMessage(), e);
        }
    }

    public static String array(Collection<? extends Message> messages) {
        List<String> parts = new ArrayList<>();
        messages.forEach(message -> parts.add(object(message).indent(2).stripTrailing()));
        return parts.isEmpty() ? "[]" : "[\n" + String.join(",\n", parts) + "\n]";
    }

    /** Undoes escapes that only JSON inside of HTML needs: constraints are full of {@code =}. */
    private static String readable(String json) {
        StringBuilder text = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c != '\\') {
                text.append(c);
            } else if (json.charAt(i + 1) == 'u' && PLAIN.containsKey(json.substring(i + 2, i + 6))) {
                text.append(PLAIN.get(json.substring(i + 2, i + 6)));
                i += 5;
            } else {
                text.append(c).append(json.charAt(++i));
            }
        }
        return text.toString();
    }
}
