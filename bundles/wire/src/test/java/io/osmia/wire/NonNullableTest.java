package io.osmia.wire;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.swarmkit.BlacklistedCertificate;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.HeartbeatResponse;
import io.osmia.wire.swarmkit.ListServicesResponse;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.UpdateConfig;
import org.junit.jupiter.api.Test;

/** Rule 1.1.8. */
class NonNullableTest {

    @Test
    void whatIsAlwaysThereIsSetAtAnyDepth() {
        Task task = NonNullable.fill(Task.newBuilder().setId("t1").build());

        assertThat(task.hasMeta()).isTrue();
        assertThat(task.getMeta().hasVersion()).isTrue();
        assertThat(task.hasSpec()).isTrue();
        assertThat(task.hasStatus()).isTrue();
        assertThat(task.hasAnnotations()).isTrue();
        assertThat(task.getId()).isEqualTo("t1");
    }

    @Test
    void whatMayBeAbsentStaysAbsent() {
        Task task = NonNullable.fill(Task.getDefaultInstance());

        assertThat(task.hasEndpoint()).isFalse();
        assertThat(task.hasSpecVersion()).isFalse();
        assertThat(task.getMeta().hasCreatedAt()).isFalse();
        assertThat(NonNullable.fill(Service.getDefaultInstance()).getSpec().hasUpdate()).isFalse();
    }

    @Test
    void whatMayBeAbsentIsFilledBelowWhenItIsThere() {
        Service service = Service.newBuilder()
                .setPreviousSpec(ServiceSpec.newBuilder().setUpdate(UpdateConfig.getDefaultInstance()))
                .build();

        Service filled = NonNullable.fill(service);

        assertThat(filled.getPreviousSpec().hasTask()).isTrue();
        assertThat(filled.getPreviousSpec().getUpdate().hasDelay()).isTrue();
    }

    @Test
    void elementsOfListsAreFilled() {
        ListServicesResponse response = ListServicesResponse.newBuilder()
                .addServices(Service.newBuilder().setId("s1"))
                .addServices(NonNullable.fill(Service.newBuilder().setId("s2").build()))
                .build();

        ListServicesResponse filled = NonNullable.fill(response);

        assertThat(filled.getServicesList()).allMatch(Service::hasMeta);
        assertThat(filled.getServices(1)).isSameAs(response.getServices(1));
    }

    @Test
    void aWholeMessageIsReturnedAsItIs() {
        Task whole = NonNullable.fill(Task.getDefaultInstance());
        TaskSpec nothingToFill = TaskSpec.getDefaultInstance();

        assertThat(NonNullable.fill(whole)).isSameAs(whole);
        assertThat(NonNullable.fill(nothingToFill)).isSameAs(nothingToFill);
    }

    @Test
    void mapsAndDurationsSurvive() {
        Cluster cluster = Cluster.newBuilder()
                .putBlacklistedCertificates("cn", BlacklistedCertificate.getDefaultInstance())
                .build();

        assertThat(NonNullable.fill(cluster).getBlacklistedCertificatesMap()).containsKey("cn");
        assertThat(NonNullable.fill(cluster).getRootCa().hasJoinTokens()).isTrue();
        assertThat(NonNullable.fill(HeartbeatResponse.getDefaultInstance()).hasPeriod())
                .isTrue();
    }
}
