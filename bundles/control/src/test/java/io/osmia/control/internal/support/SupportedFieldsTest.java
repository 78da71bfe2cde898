package io.osmia.control.internal.support;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.osmia.control.internal.support.SupportedFields.Values;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SupportedFieldsTest {

    static Stream<SupportedFields> lists() {
        return Stream.of(SupportedFields.SERVICE, SupportedFields.NODE, SupportedFields.CLUSTER);
    }

    @ParameterizedTest
    @MethodSource("lists")
    void everyPathIsAFieldOfTheProtocol(SupportedFields fields) {
        assertThat(fields.all().keySet()).allSatisfy(path -> assertThat(field(fields.type(), path))
                .as(path)
                .isNotNull());
    }

    @ParameterizedTest
    @MethodSource("lists")
    void everyNamedValueIsOneOfItsEnum(SupportedFields fields) {
        fields.all().forEach((path, support) -> {
            if (support instanceof Values values) {
                FieldDescriptor field = field(fields.type(), path);
                assertThat(field.isRepeated()).as(path).isFalse();
                assertThat(values.names()).allSatisfy(name -> assertThat(
                        field.getEnumType().findValueByName(name))
                        .as(path + " " + name)
                        .isNotNull());
            }
        });
    }

    private static FieldDescriptor field(Descriptor type, String path) {
        int dot = path.indexOf('.');
        FieldDescriptor field = type.findFieldByName(dot < 0 ? path : path.substring(0, dot));
        return dot < 0 || field == null ? field : field(field.getMessageType(), path.substring(dot + 1));
    }
}
