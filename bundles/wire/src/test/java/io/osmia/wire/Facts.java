package io.osmia.wire;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.osmia.wire.osmia.OptionsProto;
import io.osmia.wire.plugin.PluginProto;
import io.osmia.wire.plugin.TLSAuthorization;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** What a descriptor says, one line per fact, so that two of them can be compared and a difference can be read. */
final class Facts {

    private final Set<String> facts = new TreeSet<>();

    private Facts() {}

    static Set<String> of(Collection<FileDescriptor> files) {
        Facts facts = new Facts();
        files.forEach(facts::file);
        return facts.facts;
    }

    private void file(FileDescriptor file) {
        facts.add("file " + file.getName() + " package " + file.getPackage() + " syntax "
                + (file.toProto().getSyntax().isEmpty() ? "proto2" : file.toProto().getSyntax()));
        file.getMessageTypes().forEach(this::message);
        file.getEnumTypes().forEach(this::enumType);
        file.getServices().forEach(this::service);
        file.getExtensions()
                .forEach(field -> field("extend " + field.getContainingType().getFullName(), field));
    }

    private void message(Descriptor message) {
        if (message.getOptions().getMapEntry()) {
            return;
        }
        facts.add("message " + message.getFullName() + " in "
                + message.getFile().getName()
                + " store object " + message.getOptions().getExtension(PluginProto.storeObject).getAllFields()
                + " deepcopy " + message.getOptions().getExtension(PluginProto.deepcopy));
        message.getFields().forEach(field -> field(message.getFullName(), field));
        message.getNestedTypes().forEach(this::message);
        message.getEnumTypes().forEach(this::enumType);
    }

    private void field(String owner, FieldDescriptor field) {
        OneofDescriptor oneof = field.getRealContainingOneof();
        facts.add("field " + owner + "." + field.getName() + " = " + field.getNumber()
                + " " + (field.isMapField() ? mapType(field) : cardinality(field) + " " + type(field))
                + (oneof == null ? "" : " oneof " + oneof.getName())
                + (field.isPackable() ? " packed " + field.isPacked() : "")
                + (field.getOptions().getDeprecated() ? " deprecated" : "")
                + (field.getOptions().getExtension(OptionsProto.nonNullable) ? " always there" : "")
                + (field.hasDefaultValue() ? " default " + field.getDefaultValue() : ""));
    }

    private static String cardinality(FieldDescriptor field) {
        return field.isRepeated() ? "repeated" : field.isRequired() ? "required" : "one";
    }

    private static String mapType(FieldDescriptor field) {
        return "map of " + type(field.getMessageType().findFieldByNumber(1)) + " to "
                + type(field.getMessageType().findFieldByNumber(2));
    }

    private static String type(FieldDescriptor field) {
        return switch (field.getType()) {
            case MESSAGE -> "message " + field.getMessageType().getFullName();
            case ENUM -> "enum " + field.getEnumType().getFullName();
            default -> field.getType().name();
        };
    }

    private void enumType(EnumDescriptor type) {
        type.getValues()
                .forEach(value -> facts.add(
                        "value " + type.getFullName() + "." + value.getName() + " = " + value.getNumber()));
    }

    private void service(ServiceDescriptor service) {
        for (MethodDescriptor method : service.getMethods()) {
            TLSAuthorization rule = method.getOptions().getExtension(PluginProto.tlsAuthorization);
            facts.add("method " + method.getFullName() + " takes "
                    + (method.isClientStreaming() ? "stream " : "")
                    + method.getInputType().getFullName() + " gives " + (method.isServerStreaming() ? "stream " : "")
                    + method.getOutputType().getFullName() + " roles " + rule.getRolesList() + " insecure "
                    + rule.getInsecure());
        }
    }
}
