package io.osmia.wire;

import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import io.osmia.wire.WireTable.Row;
import io.osmia.wire.osmia.OptionsProto;
import io.osmia.wire.plugin.PluginProto;
import io.osmia.wire.plugin.StoreObject;
import io.osmia.wire.plugin.TLSAuthorization;
import io.osmia.wire.plugin.WatchSelectors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Builds descriptors from {@link WireTable}, as a protocol compiler would from files that say the same. */
final class TableDescriptors {

    private static final Map<String, FileDescriptor> KNOWN = known();

    private final Map<String, List<Row>> files;
    private final Map<String, FileDescriptor> built = new LinkedHashMap<>();

    private TableDescriptors(List<Row> rows) {
        this.files = WireTable.byFile(rows);
    }

    static Map<String, FileDescriptor> of(List<Row> rows) throws DescriptorValidationException {
        TableDescriptors table = new TableDescriptors(rows);
        for (String file : table.files.keySet()) {
            table.build(file);
        }
        return table.built;
    }

    private static Map<String, FileDescriptor> known() {
        Map<String, FileDescriptor> known = new LinkedHashMap<>();
        Stream.of(
                TimestampProto.getDescriptor(),
                DurationProto.getDescriptor(),
                WrappersProto.getDescriptor(),
                AnyProto.getDescriptor(),
                com.google.protobuf.DescriptorProtos.getDescriptor())
                .forEach(file -> known.put(file.getName(), file));
        return known;
    }

    private FileDescriptor build(String name) throws DescriptorValidationException {
        FileDescriptor done = built.getOrDefault(name, KNOWN.get(name));
        if (done != null) {
            return done;
        }
        List<FileDescriptor> imports = new ArrayList<>();
        for (Row row : files.get(name)) {
            if (row.type().equals("import") && !row.name().startsWith("gogoproto/")) {
                imports.add(build(row.name()));
            }
        }
        FileDescriptor file =
                FileDescriptor.buildFrom(new File(name, files.get(name)).proto(imports),
                        imports.toArray(FileDescriptor[]::new));
        built.put(name, file);
        return file;
    }

    /** One file on its way from rows to a descriptor. */
    private static final class File {

        private final String name;
        private final List<Row> rows;
        private final String packageName;
        private final String syntax;

        File(String name, List<Row> rows) {
            this.name = name;
            this.rows = rows;
            Row head = rows.stream()
                    .filter(row -> row.type().equals("package"))
                    .findFirst()
                    .orElseThrow();
            this.packageName = head.name();
            this.syntax = head.label();
        }

        FileDescriptorProto proto(List<FileDescriptor> imports) {
            FileDescriptorProto.Builder file =
                    FileDescriptorProto.newBuilder().setName(name).setPackage(packageName);
            if (!syntax.equals("proto2")) {
                file.setSyntax(syntax);
            }
            imports.forEach(imported -> file.addDependency(imported.getName()));
            owners("message").filter(File::isTop).forEach(owner -> file.addMessageType(message(owner)));
            owners("enum-value").filter(File::isTop).forEach(owner -> file.addEnumType(enumType(owner)));
            owners("service").forEach(owner -> file.addService(service(owner)));
            rows.stream()
                    .filter(row -> row.owner().startsWith("extend "))
                    .forEach(row -> file.addExtension(field(row)
                            .setExtendee("." + row.owner().substring("extend ".length()))));
            return file.build();
        }

        private Stream<String> owners(String type) {
            Set<String> owners = new LinkedHashSet<>();
            rows.stream().filter(row -> row.type().equals(type)).forEach(row -> owners.add(row.owner()));
            return owners.stream();
        }

        private static boolean isTop(String owner) {
            return owner.indexOf('.') < 0;
        }

        private static boolean isChild(String owner, String parent) {
            return owner.startsWith(parent + ".") && owner.indexOf('.', parent.length() + 1) < 0;
        }

        private static String lastPart(String owner) {
            return owner.substring(owner.lastIndexOf('.') + 1);
        }

        private DescriptorProto message(String owner) {
            DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(lastPart(owner));
            owners("message").filter(other -> isChild(other, owner))
                    .forEach(other -> message.addNestedType(message(other)));
            owners("enum-value").filter(other -> isChild(other, owner))
                    .forEach(other -> message.addEnumType(enumType(other)));
            List<String> oneofs = new ArrayList<>();
            for (Row row : rows) {
                if (row.owner().equals(owner) && row.name().isEmpty()) {
                    messageOptions(message, row);
                } else if (row.owner().equals(owner)) {
                    message.addField(field(message, oneofs, row, owner));
                }
            }
            oneofs.forEach(oneof -> message.addOneofDecl(OneofDescriptorProto.newBuilder().setName(oneof)));
            return message.build();
        }

        private static void messageOptions(DescriptorProto.Builder message, Row row) {
            List<String> selectors = row.values("store_object watch_selectors");
            if (!selectors.isEmpty()) {
                WatchSelectors.Builder all = WatchSelectors.newBuilder();
                selectors.forEach(
                        selector -> all.setField(WatchSelectors.getDescriptor().findFieldByName(selector), true));
                message.getOptionsBuilder()
                        .setExtension(
                                PluginProto.storeObject,
                                StoreObject.newBuilder().setWatchSelectors(all).build());
            }
            if (row.has("deepcopy=False")) {
                message.getOptionsBuilder().setExtension(PluginProto.deepcopy, false);
            }
        }

        private FieldDescriptorProto.Builder field(
                DescriptorProto.Builder message, List<String> oneofs, Row row, String owner) {
            FieldDescriptorProto.Builder field = field(row);
            if (row.label().startsWith("oneof ")) {
                String oneof = row.label().substring("oneof ".length());
                if (!oneofs.contains(oneof)) {
                    oneofs.add(oneof);
                }
                field.setOneofIndex(oneofs.indexOf(oneof));
            }
            if (row.label().equals("map")) {
                String entry = entryName(row.name());
                message.addNestedType(entry(entry, row.type()));
                field.setType(Type.TYPE_MESSAGE)
                        .setTypeName("." + packageName + "." + owner + "." + entry)
                        .setLabel(Label.LABEL_REPEATED);
            }
            return field;
        }

        private FieldDescriptorProto.Builder field(Row row) {
            FieldDescriptorProto.Builder field =
                    FieldDescriptorProto.newBuilder().setName(row.name()).setNumber(row.intNumber());
            if (!row.label().equals("map")) {
                type(field, row.type(), row.has("enum"));
            }
            field.setLabel(
                    switch (row.label()) {
                        case "repeated" -> Label.LABEL_REPEATED;
                        case "required" -> Label.LABEL_REQUIRED;
                        default -> Label.LABEL_OPTIONAL;
                    });
            row.values("default").forEach(field::setDefaultValue);
            fieldOptions(field, row);
            return field;
        }

        private void fieldOptions(FieldDescriptorProto.Builder field, Row row) {
            FieldOptions.Builder options = FieldOptions.newBuilder();
            if (row.has("unpacked") && syntax.equals("proto3")) {
                options.setPacked(false);
            }
            if (row.has("deprecated=True")) {
                options.setDeprecated(true);
            }
            boolean single = field.getType() == Type.TYPE_MESSAGE && field.getLabel() == Label.LABEL_OPTIONAL;
            if (row.has("gogo.nullable=False") && single) {
                options.setExtension(OptionsProto.nonNullable, true);
            }
            field.setOptions(options);
        }

        private void type(FieldDescriptorProto.Builder field, String type, boolean isEnum) {
            switch (type) {
                case "string", "bytes", "bool", "int32", "int64", "uint32", "uint64", "float", "double", "fixed64" ->
                    field.setType(Type.valueOf("TYPE_" + type.toUpperCase(Locale.ROOT)));
                default ->
                    field.setType(isEnum ? Type.TYPE_ENUM : Type.TYPE_MESSAGE).setTypeName(qualified(type));
            }
        }

        private String qualified(String type) {
            boolean full =
                    type.startsWith("google.protobuf.") || type.startsWith("docker.") || type.startsWith("raftpb.");
            return "." + (full ? type : packageName + "." + type);
        }

        private DescriptorProto entry(String entry, String type) {
            String[] parts = type.substring("map<".length(), type.length() - 1).split(",");
            FieldDescriptorProto.Builder key = part("key", 1);
            type(key, parts[0].trim(), false);
            FieldDescriptorProto.Builder value = part("value", 2);
            type(value, parts[1].trim(), false);
            DescriptorProto.Builder message =
                    DescriptorProto.newBuilder().setName(entry).addField(key).addField(value);
            message.getOptionsBuilder().setMapEntry(true);
            return message.build();
        }

        private static FieldDescriptorProto.Builder part(String name, int number) {
            return FieldDescriptorProto.newBuilder()
                    .setName(name)
                    .setNumber(number)
                    .setLabel(Label.LABEL_OPTIONAL);
        }

        /** The compiler's rule: each part after an underscore with a capital, then Entry. */
        private static String entryName(String field) {
            StringBuilder name = new StringBuilder();
            for (String part : field.split("_")) {
                name.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
            }
            return name.append("Entry").toString();
        }

        private EnumDescriptorProto enumType(String owner) {
            EnumDescriptorProto.Builder type = EnumDescriptorProto.newBuilder().setName(lastPart(owner));
            rows.stream()
                    .filter(row -> row.owner().equals(owner))
                    .forEach(row -> type.addValue(EnumValueDescriptorProto.newBuilder()
                            .setName(row.name())
                            .setNumber(row.intNumber())));
            return type.build();
        }

        private ServiceDescriptorProto service(String owner) {
            ServiceDescriptorProto.Builder service =
                    ServiceDescriptorProto.newBuilder().setName(owner);
            rows.stream()
                    .filter(row -> row.owner().equals(owner) && !row.name().isEmpty())
                    .forEach(row -> service.addMethod(method(row)));
            return service.build();
        }

        private MethodDescriptorProto method(Row row) {
            String[] types = row.type().split("->");
            MethodDescriptorProto.Builder method = MethodDescriptorProto.newBuilder()
                    .setName(row.name())
                    .setInputType(qualified(withoutStream(types[0])))
                    .setOutputType(qualified(withoutStream(types[1])))
                    .setClientStreaming(row.label().matches("client-streaming|bidi-streaming"))
                    .setServerStreaming(row.label().matches("server-streaming|bidi-streaming"));
            TLSAuthorization.Builder rule = TLSAuthorization.newBuilder().addAllRoles(row.values("roles"));
            if (row.has("insecure=true")) {
                rule.setInsecure(true);
            }
            method.getOptionsBuilder().setExtension(PluginProto.tlsAuthorization, rule.build());
            return method.build();
        }

        private static String withoutStream(String type) {
            return type.replace("stream ", "").trim();
        }
    }
}
