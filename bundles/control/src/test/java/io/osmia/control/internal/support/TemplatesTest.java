package io.osmia.control.internal.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import io.osmia.control.internal.rules.Refusal;
import io.osmia.wire.swarmkit.ContainerSpec;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("API-004: templates")
class TemplatesTest {

    private static final String TEMPLATE = "a{{.Service.Name}}";

    @ParameterizedTest
    @MethodSource
    void templatesAreRefusedWhereTheyWouldBeExpanded(String field, Consumer<ContainerSpec.Builder> change) {
        ContainerSpec.Builder container = ContainerSpec.newBuilder();
        change.accept(container);
        assertThat(Templates.in(container.build()))
                .contains(Refusal.unimplemented("spec.task.container." + field + " template is not supported yet"));
    }

    static Stream<Arguments> templatesAreRefusedWhereTheyWouldBeExpanded() {
        return Stream.of(
                arguments("env", change(c -> c.addEnv("A=" + TEMPLATE))),
                arguments("hostname", change(c -> c.setHostname(TEMPLATE))),
                arguments("mounts.source", change(c -> c.addMountsBuilder().setSource(TEMPLATE))),
                arguments("mounts.target", change(c -> c.addMountsBuilder().setTarget(TEMPLATE))),
                arguments(
                        "mounts.volume_options.labels",
                        change(c -> c.addMountsBuilder().getVolumeOptionsBuilder().putLabels("k", TEMPLATE))),
                arguments(
                        "mounts.volume_options.driver_config.options",
                        change(c -> c.addMountsBuilder()
                                .getVolumeOptionsBuilder()
                                .getDriverConfigBuilder()
                                .putOptions("k", TEMPLATE))));
    }

    @Test
    void bracesElsewhereAreText() {
        ContainerSpec container = ContainerSpec.newBuilder()
                .addArgs(TEMPLATE)
                .addCommand(TEMPLATE)
                .addEnv("{{NO_VALUE}}")
                .addEnv("{{A}}=b")
                .putLabels("l", TEMPLATE)
                .build();
        assertThat(Templates.in(container)).isEmpty();
    }

    private static Consumer<ContainerSpec.Builder> change(Consumer<ContainerSpec.Builder> change) {
        return change;
    }
}
