package io.osmia.agent.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.agent.internal.task.DescribedExecutor;
import io.osmia.agent.internal.task.Executors;
import io.osmia.agent.internal.task.FakeExecutor;
import io.osmia.agent.internal.task.FakeMachine;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.ExecutorDescription.EnginePlugin;
import io.osmia.wire.swarmkit.EngineDescription;
import io.osmia.wire.swarmkit.NodeDescription;
import io.osmia.wire.swarmkit.PluginDescription;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeDescriberTest {

    private final Executors executors = new Executors();
    private final NodeDescriber describer =
            new NodeDescriber("host", "0.1.0", 1 << 30, new FakeNode("me"), executors);

    @Test // rule 6.11.10
    void theDescriptionTellsMachineEngineAndCertificate() {
        NodeDescription description = describer.describe();
        assertThat(description.getHostname()).isEqualTo("host");
        assertThat(description.getResources().getNanoCpus())
                .isEqualTo(Runtime.getRuntime().availableProcessors() * 1_000_000_000L);
        assertThat(description.getResources().getMemoryBytes()).isEqualTo(1 << 30);
        assertThat(description.getEngine().getEngineVersion()).isEqualTo("0.1.0");
        assertThat(description.getTlsInfo().getTrustRoot().toByteArray()).containsExactly(1);
        assertThat(description.getTlsInfo().getCertIssuerPublicKey().toByteArray()).containsExactly(3);
    }

    @Test // AGT-005
    void theDescriptionDiffersWhenAnExecutorComesAndIsTheSameWhenItHasGone() {
        NodeDescription without = describer.describe();
        FakeExecutor executor = new FakeExecutor(new FakeMachine(), "1.2.0");
        executors.add(executor);
        NodeDescription with = describer.describe();
        assertThat(with.getEngine().getPluginsList())
                .containsExactly(PluginDescription.newBuilder()
                        .setType("Executor")
                        .setName("process@1.2.0")
                        .build());
        assertThat(with.getEngine().getLabelsMap()).containsEntry("fake", "1.2.0");
        assertThat(describer.describe()).isEqualTo(with).isNotEqualTo(without);
        executors.remove(executor);
        assertThat(describer.describe()).isEqualTo(without);
    }

    @Test // rule 6.15.12
    void whatEnginesOfferIsTold() {
        for (String kind : List.of("podman", "docker")) {
            executors.add(new DescribedExecutor(new ExecutorDescription(
                    kind, "1.0.0", true, "", Set.of("*"), Set.of(), Set.of(), Set.of(1), Map.of(),
                    "29." + kind.length(),
                    List.of(new EnginePlugin("Volume", "local"), new EnginePlugin("Log", kind)))));
        }
        EngineDescription engine = describer.describe().getEngine();
        assertThat(engine.getPluginsList())
                .extracting(plugin -> plugin.getType() + " " + plugin.getName())
                .containsExactly(
                        "Executor docker@1.0.0", "Executor podman@1.0.0", "Log docker", "Log podman", "Volume local");
        assertThat(engine.getLabelsMap())
                .containsEntry("osmia.engine.docker", "29.6")
                .containsEntry("osmia.engine.podman", "29.6");
        assertThat(engine.getEngineVersion()).isEqualTo("0.1.0");
    }

    @Test
    void platformsAreNamedAsContainerEnginesNameThem() {
        assertThat(NodeDescriber.architecture("amd64")).isEqualTo("x86_64");
        assertThat(NodeDescriber.architecture("aarch64")).isEqualTo("aarch64");
        assertThat(NodeDescriber.system("Linux")).isEqualTo("linux");
        assertThat(NodeDescriber.system("Windows 11")).isEqualTo("windows");
    }

    @Test
    void theMemoryIsReadInKibibytes() {
        assertThat(Memory.total(List.of("MemTotal:       24576 kB", "MemFree: 1 kB"))).isEqualTo(24576L * 1024);
        assertThat(Memory.total(List.of("nothing"))).isZero();
    }
}
