package io.osmia.scheduler.internal;

import static io.osmia.scheduler.internal.Scene.spec;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.swarmkit.DiscreteGenericResource;
import io.osmia.wire.swarmkit.GenericResource;
import io.osmia.wire.swarmkit.Mount;
import io.osmia.wire.swarmkit.NamedGenericResource;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Platform;
import io.osmia.wire.swarmkit.PluginDescription;
import io.osmia.wire.swarmkit.PortConfig;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rule 4.3. */
class FiltersTest {

    private final Scene scene = new Scene();

    @BeforeEach
    void aService() {
        scene.service("s", 1, Map.of());
    }

    @Test
    @DisplayName("SCH-025")
    void aTaskWaitsForANodeThatIsLargeEnough() {
        scene.node("n1", memory(1000));
        scene.node("n2", memory(1000));
        scene.node("n3", memory(9000).andThen(node -> node.getStatusBuilder().setState(NodeStatus.State.DOWN)));
        String task = scene.task("s", reserves(2000));
        scene.start();
        assertThat(scene.error(task))
                .isEqualTo("no suitable node (insufficient resources on 2 nodes; 1 node not available for new tasks)");
        scene.node("n4", memory(2000));
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n4");
    }

    @Test
    @DisplayName("SCH-026")
    void nodesThatArePausedDrainedOrDownAreNotUsed() {
        scene.node("n1", node -> node.getSpecBuilder().setAvailability(NodeSpec.Availability.PAUSE));
        scene.node("n2", node -> node.getSpecBuilder().setAvailability(NodeSpec.Availability.DRAIN));
        scene.node("n3", node -> node.getStatusBuilder().setState(NodeStatus.State.DOWN));
        scene.node("n4", node -> node.getStatusBuilder().setState(NodeStatus.State.DISCONNECTED));
        String task = scene.task("s", reserves(10));
        scene.start();
        assertThat(scene.error(task)).isEqualTo("no suitable node (4 nodes not available for new tasks)");
    }

    @Test
    @DisplayName("SCH-027")
    void genericResourcesAreClaimed() {
        scene.node("n1", offers(discrete("apple", 1)));
        String task = scene.task("s", wants("apple", 2));
        scene.start();
        assertThat(scene.error(task)).isEqualTo("no suitable node (insufficient resources on 1 node)");
        scene.node("n2", offers(discrete("apple", 3)));
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n2");
        assertThat(scene.stored(task).getAssignedGenericResourcesList()).containsExactly(discrete("apple", 2));
        String second = scene.task("s", wants("apple", 2));
        scene.run();
        assertThat(scene.nodeOf(second)).isEmpty();
        scene.state(task, TaskState.SHUTDOWN);
        scene.run();
        assertThat(scene.nodeOf(second)).isEqualTo("n2");
    }

    @Test
    void namedResourcesAreClaimedInTheirOrder() {
        scene.node("n1", offers(named("gpu", "c"), named("gpu", "a"), named("gpu", "b")));
        scene.start();
        String first = scene.task("s", wants("gpu", 2));
        scene.run();
        String second = scene.task("s", wants("gpu", 1));
        scene.run();
        String third = scene.task("s", wants("gpu", 1));
        scene.run();
        assertThat(scene.stored(first).getAssignedGenericResourcesList())
                .containsExactly(named("gpu", "c"), named("gpu", "a"));
        assertThat(scene.stored(second).getAssignedGenericResourcesList()).containsExactly(named("gpu", "b"));
        assertThat(scene.nodeOf(third)).isEmpty();
    }

    @Test
    @DisplayName("SCH-029")
    void memoryThatIsGivenBackIsUsedAgain() {
        scene.node("n1", memory(1000));
        scene.start();
        String first = scene.task("s", reserves(1000));
        scene.run();
        String second = scene.task("s", reserves(1000));
        scene.run();
        assertThat(scene.nodeOf(second)).isEmpty();
        scene.state(first, TaskState.FAILED);
        scene.run();
        assertThat(scene.nodeOf(second)).isEqualTo("n1");
    }

    @Test
    @DisplayName("SCH-031, SCH-034")
    void anArchitectureMayGoByTwoNames() {
        scene.node("n1", platform("linux", "x86_64"));
        String task = scene.task("s", runsOn("windows", "amd64").andThen(runsOn("linux", "amd64")));
        String any = scene.task("s", runsOn("linux", ""));
        scene.start();
        assertThat(scene.nodeOf(task)).isEqualTo("n1");
        assertThat(scene.nodeOf(any)).isEqualTo("n1");
    }

    @Test
    @DisplayName("SCH-032, SCH-035")
    void aPlatformThatNobodyHas() {
        scene.node("n1", platform("linux", "aarch64"));
        scene.node("n2", node -> node.getDescriptionBuilder().clearPlatform());
        String task = scene.task("s", runsOn("linux", "amd64"));
        scene.start();
        assertThat(scene.error(task)).isEqualTo("no suitable node (unsupported platform on 2 nodes)");
    }

    @Test
    @DisplayName("SCH-040")
    void bindMountsNeedNoPlugin() {
        scene.node("n1", plugins("Volume/other"));
        String task = scene.task("s", builder -> builder.getSpecBuilder()
                .getContainerBuilder()
                .addMountsBuilder()
                .setType(Mount.Type.BIND)
                .getVolumeOptionsBuilder()
                .getDriverConfigBuilder()
                .setName("p1"));
        scene.start();
        assertThat(scene.nodeOf(task)).isEqualTo("n1");
    }

    @Test
    @DisplayName("SCH-041")
    void allVolumePluginsMustBeThere() {
        scene.node("n1", plugins("Volume/p1"));
        String task = scene.task("s", volume("p1").andThen(volume("p2")));
        scene.start();
        assertThat(scene.error(task)).isEqualTo("no suitable node (missing plugin on 1 node)");
        scene.node("n2", plugins("Volume/p2:latest", "Volume/p1"));
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n2");
    }

    @Test
    @DisplayName("SCH-042")
    void theNetworkPluginMustBeThere() {
        scene.node("n1", plugins("Network/other"));
        scene.node("n2", plugins("Network/net"));
        scene.start();
        List<String> tasks = scene.tasks(
                "s",
                3,
                task -> task.addNetworksBuilder().getNetworkBuilder().getDriverStateBuilder().setName("net"));
        scene.run();
        assertThat(tasks).extracting(scene::nodeOf).containsOnly("n2");
    }

    @Test
    @DisplayName("SCH-044")
    void withoutALogDriverAnyNodeWillDo() {
        scene.node("n1", plugins("Log/json-file"));
        scene.start();
        String none = scene.task("s", logs("none"));
        String empty = scene.task("s", logs(""));
        String other = scene.task("s", logs("syslog"));
        scene.run();
        assertThat(scene.nodeOf(none)).isEqualTo("n1");
        assertThat(scene.nodeOf(empty)).isEqualTo("n1");
        assertThat(scene.error(other)).isEqualTo("no suitable node (missing plugin on 1 node)");
        scene.node("n2", plugins("Volume/local"));
        scene.run();
        assertThat(scene.nodeOf(other)).isEqualTo("n2");
    }

    @Test
    @DisplayName("SCH-045")
    void aHostPortIsUsedOnceOnANode() {
        scene.node("n1");
        scene.node("n2");
        scene.start();
        List<String> tasks = scene.tasks("s", 3, spec(1).andThen(publishes(58, PortConfig.Protocol.TCP)));
        scene.run();
        assertThat(tasks).extracting(scene::nodeOf).containsExactlyInAnyOrder("n1", "n2", "");
        assertThat(scene.error(tasks.getLast()))
                .isEqualTo("no suitable node (host-mode port already in use on 2 nodes)");
    }

    @Test
    @DisplayName("SCH-046")
    void theSamePortOfAnotherProtocolIsFree() {
        scene.node("n1");
        scene.start();
        scene.task("s", publishes(58, PortConfig.Protocol.TCP));
        String task = scene.task("s", publishes(58, PortConfig.Protocol.UDP));
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n1");
    }

    @Test
    @DisplayName("SCH-047")
    void aNodeTakesOnlySoManyReplicas() {
        scene.node("n1");
        scene.node("n2");
        scene.start();
        List<String> tasks = scene.tasks("s", 3, spec(1).andThen(SchedulerTest::one));
        scene.run();
        assertThat(scene.error(tasks.getLast())).isEqualTo("no suitable node (max replicas per node limit exceed)");
        scene.node("n3");
        scene.run();
        assertThat(tasks).extracting(scene::nodeOf).containsExactlyInAnyOrder("n1", "n2", "n3");
    }

    private static Consumer<Node.Builder> memory(long bytes) {
        return node -> node.getDescriptionBuilder().getResourcesBuilder().setMemoryBytes(bytes);
    }

    private static Consumer<Node.Builder> offers(GenericResource... resources) {
        return node -> node.getDescriptionBuilder().getResourcesBuilder().addAllGeneric(List.of(resources));
    }

    private static Consumer<Node.Builder> platform(String os, String architecture) {
        return node -> node.getDescriptionBuilder()
                .setPlatform(Platform.newBuilder().setOs(os).setArchitecture(architecture));
    }

    static Consumer<Node.Builder> plugins(String... plugins) {
        return node -> {
            for (String plugin : plugins) {
                int slash = plugin.indexOf('/');
                node.getDescriptionBuilder()
                        .getEngineBuilder()
                        .addPlugins(PluginDescription.newBuilder()
                                .setType(plugin.substring(0, slash))
                                .setName(plugin.substring(slash + 1)));
            }
        };
    }

    private static Consumer<Task.Builder> reserves(long memory) {
        return task -> SchedulerTest.reserve(task, memory);
    }

    private static Consumer<Task.Builder> wants(String kind, long amount) {
        return task -> task.getSpecBuilder()
                .getResourcesBuilder()
                .getReservationsBuilder()
                .addGeneric(discrete(kind, amount));
    }

    private static Consumer<Task.Builder> runsOn(String os, String architecture) {
        return task -> task.getSpecBuilder()
                .getPlacementBuilder()
                .addPlatforms(Platform.newBuilder().setOs(os).setArchitecture(architecture));
    }

    private static Consumer<Task.Builder> volume(String driver) {
        return task -> task.getSpecBuilder()
                .getContainerBuilder()
                .addMountsBuilder()
                .setType(Mount.Type.VOLUME)
                .getVolumeOptionsBuilder()
                .getDriverConfigBuilder()
                .setName(driver);
    }

    private static Consumer<Task.Builder> logs(String driver) {
        return task -> task.getSpecBuilder().getLogDriverBuilder().setName(driver);
    }

    private static Consumer<Task.Builder> publishes(int port, PortConfig.Protocol protocol) {
        return task -> task.getEndpointBuilder()
                .addPortsBuilder()
                .setPublishMode(PortConfig.PublishMode.HOST)
                .setProtocol(protocol)
                .setPublishedPort(port);
    }

    private static GenericResource discrete(String kind, long value) {
        return GenericResource.newBuilder()
                .setDiscreteResourceSpec(DiscreteGenericResource.newBuilder().setKind(kind).setValue(value))
                .build();
    }

    private static GenericResource named(String kind, String value) {
        return GenericResource.newBuilder()
                .setNamedResourceSpec(NamedGenericResource.newBuilder().setKind(kind).setValue(value))
                .build();
    }
}
