package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.grpc.BindableService;
import io.osmia.wire.swarmkit.WatchGrpc;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServicesTest {

    private final Services services = new Services();
    private final BindableService watch = new WatchGrpc.WatchImplBase() {};

    private boolean isOffered(Reach reach) {
        return services.find(reach, WatchGrpc.SERVICE_NAME).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"both,true,true", "local,true,false", "remote,false,true"})
    void thePropertySaysWhereAServiceIsOffered(String property, boolean locally, boolean remotely) {
        services.addService(watch, Map.of("osmia.listener", property));

        assertThat(isOffered(Reach.LOCAL)).isEqualTo(locally);
        assertThat(isOffered(Reach.REMOTE)).isEqualTo(remotely);
    }

    @Test
    void withoutThePropertyItIsOfferedOnBoth() {
        services.addService(watch, Map.of());

        assertThat(isOffered(Reach.LOCAL)).isTrue();
        assertThat(isOffered(Reach.REMOTE)).isTrue();
    }

    @Test
    void anyOtherValueIsRefused() {
        assertThatThrownBy(() -> services.addService(watch, Map.of("osmia.listener", "everywhere")))
                .hasMessage("osmia.listener must be both, local or remote, not everywhere");
        assertThat(isOffered(Reach.LOCAL)).isFalse();
    }

    @Test
    void theSuccessorServesWhenTheFormerGoes() {
        BindableService successor = new WatchGrpc.WatchImplBase() {};
        services.addService(watch, Map.of());
        services.addService(successor, Map.of());

        services.removeService(watch);
        assertThat(isOffered(Reach.REMOTE)).isTrue();

        services.removeService(successor);
        assertThat(isOffered(Reach.REMOTE)).isFalse();
    }
}
