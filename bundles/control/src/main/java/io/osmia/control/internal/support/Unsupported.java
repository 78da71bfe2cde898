package io.osmia.control.internal.support;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.osmia.control.internal.rules.Refusal;
import io.osmia.control.internal.support.SupportedFields.Allowed;
import io.osmia.control.internal.support.SupportedFields.Refused;
import io.osmia.control.internal.support.SupportedFields.Support;
import io.osmia.control.internal.support.SupportedFields.Values;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first field of a submitted spec, in field order, that nobody honours. What the stored spec already says is no
 * news and passes; a field at its default is not set. The path in the refusal is in wire names, from {@code spec} on.
 */
public final class Unsupported {

    private final SupportedFields fields;

    private Unsupported(SupportedFields fields) {
        this.fields = fields;
    }

    /** Checks a spec for a new object. */
    public static Optional<Refusal> in(SupportedFields fields, Message submitted) {
        return in(fields, submitted, submitted.getDefaultInstanceForType());
    }

    /** Checks what a spec changes in the stored one. */
    public static Optional<Refusal> in(SupportedFields fields, Message submitted, Message stored) {
        return new Unsupported(fields)
                .below("", submitted, stored, null)
                .map(path -> Refusal.notYet("spec." + path));
    }

    private Optional<String> below(String prefix, Message submitted, Message stored, @Nullable Support inherited) {
        for (FieldDescriptor field : submitted.getDescriptorForType().getFields()) {
            if (changes(field, submitted, stored)) {
                Optional<String> found = at(prefix + field.getName(), field, submitted, stored, inherited);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** An empty message is the same as none, but for the members of a oneof, where being there is what they say. */
    private static boolean changes(FieldDescriptor field, Message submitted, Message stored) {
        boolean appears = field.getRealContainingOneof() != null && submitted.hasField(field) != stored.hasField(field);
        return appears || !submitted.getField(field).equals(stored.getField(field));
    }

    private Optional<String> at(
            String path, FieldDescriptor field, Message submitted, Message stored, @Nullable Support inherited) {
        Support own = fields.at(path);
        Support support = own == null ? inherited : own;
        return switch (support) {
            case Refused refused -> Optional.of(path);
            case Values values -> outside(values, path, field, submitted);
            case Allowed allowed ->
                fields.saysMoreBelow(path) ? inside(path, field, submitted, stored, support) : Optional.empty();
            case null ->
                fields.saysMoreBelow(path) ? inside(path, field, submitted, stored, null) : Optional.of(path);
        };
    }

    private Optional<String> inside(
            String path, FieldDescriptor field, Message submitted, Message stored, @Nullable Support support) {
        if (!field.isRepeated()) {
            return below(
                    path + ".", (Message) submitted.getField(field), (Message) stored.getField(field), support);
        }
        for (Object element : (List<?>) submitted.getField(field)) {
            Message message = (Message) element;
            Optional<String> found = below(path + ".", message, message.getDefaultInstanceForType(), support);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> outside(Values values, String path, FieldDescriptor field, Message submitted) {
        String name = ((EnumValueDescriptor) submitted.getField(field)).getName();
        return values.names().contains(name) ? Optional.empty() : Optional.of(path + " " + name);
    }
}
