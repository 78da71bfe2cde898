package io.osmia.wire;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import org.junit.jupiter.api.Test;

/** What a newer peer says and we do not understand is kept. */
class UnknownFieldsTest {

    private static final UnknownFieldSet NEWER = UnknownFieldSet.newBuilder()
            .addField(4000, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
            .build();

    @Test
    void unknownFieldsSurviveARoundTripAndAChange() throws InvalidProtocolBufferException {
        Service service = Service.newBuilder()
                .setId("s1")
                .setSpec(ServiceSpec.newBuilder().setUnknownFields(NEWER))
                .setUnknownFields(NEWER)
                .build();

        Service read = Service.parseFrom(service.toByteArray());
        Service changed = NonNullable.fill(read.toBuilder().setId("s2").build());

        assertThat(read).isEqualTo(service);
        assertThat(Service.parseFrom(changed.toByteArray()).getUnknownFields()).isEqualTo(NEWER);
        assertThat(changed.getSpec().getUnknownFields()).isEqualTo(NEWER);
    }

    @Test
    void unknownEnumValuesSurvive() throws InvalidProtocolBufferException {
        byte[] bytes = io.osmia.wire.swarmkit.Task.newBuilder()
                .setDesiredStateValue(9999)
                .build()
                .toByteArray();

        assertThat(io.osmia.wire.swarmkit.Task.parseFrom(bytes).toByteArray()).isEqualTo(bytes);
    }
}
