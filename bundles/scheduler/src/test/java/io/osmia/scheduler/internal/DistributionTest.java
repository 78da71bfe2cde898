package io.osmia.scheduler.internal;

import static io.osmia.scheduler.internal.Scene.running;
import static io.osmia.scheduler.internal.Scene.spec;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {

    private final Scene scene = new Scene();

    @ParameterizedTest
    @DisplayName("SCH-010 to SCH-015: tasks in groups and alone are spread alike")
    @ValueSource(booleans = {true, false})
    void servicesAreSpreadOverNodes(boolean grouped) {
        Consumer<Task.Builder> version = grouped ? spec(1) : builder -> {};
        IntStream.rangeClosed(1, 5).forEach(i -> scene.node("n" + i));
        scene.start();

        scene.tasks("a", 18, version);
        scene.run();
        assertThat(scene.spread("a").values()).containsExactlyInAnyOrder(4L, 4L, 4L, 3L, 3L);
        List<String> three = scene.spread("a").entrySet().stream()
                .filter(entry -> entry.getValue() == 3)
                .map(Map.Entry::getKey)
                .toList();

        scene.tasks("b", 2, version);
        scene.run();
        assertThat(scene.spread("b")).containsOnlyKeys(three).containsValues(1L);

        scene.tasks("a", 3, version);
        scene.run();
        assertThat(scene.spread("a").values()).containsExactlyInAnyOrder(4L, 4L, 4L, 4L, 5L);
        assertThat(three).allSatisfy(node -> assertThat(scene.spread("a")).containsEntry(node, 4L));

        String third = scene.task("b", version);
        scene.run();
        assertThat(three).doesNotContain(scene.nodeOf(third));
        assertThat(scene.spread("a")).containsEntry(scene.nodeOf(third), 4L);
    }

    @Test
    @DisplayName("SCH-014")
    void anEmptyNodeIsFilledUpFirst() {
        IntStream.rangeClosed(1, 5).forEach(i -> scene.node("n" + i));
        IntStream.rangeClosed(2, 5).forEach(i -> {
            scene.tasks("a", 4, running("n" + i).andThen(spec(1)));
        });
        List.of("n2", "n3", "n4").forEach(node -> scene.task("b", running(node).andThen(spec(1))));
        scene.start();
        List.of("a", "b", "a", "a", "b", "a").forEach(service -> scene.task(service, spec(1)));
        scene.run();
        assertThat(scene.spread("a")).containsEntry("n1", 4L);
        assertThat(scene.spread("b")).containsEntry("n1", 1L);
    }

    @Test
    @DisplayName("SCH-052")
    void aLargeGroupGoesToEachNodeOnce() {
        IntStream.range(0, 1000).forEach(i -> scene.node("n%04d".formatted(i)));
        scene.start();
        scene.tasks("a", 1000, spec(1));
        scene.run();
        assertThat(scene.spread("a").values()).hasSize(1000).containsOnly(1L);
    }

    @Test
    @DisplayName("SCH-016")
    void aPreferenceSpreadsOverZonesFirst() {
        zone("n1", "az1");
        IntStream.rangeClosed(2, 5).forEach(i -> zone("n" + i, "az2"));
        scene.start();
        scene.tasks("a", 8, spec(1).andThen(prefers("node.labels.az")));
        scene.run();
        assertThat(scene.spread("a")).isEqualTo(Map.of("n1", 4L, "n2", 1L, "n3", 1L, "n4", 1L, "n5", 1L));
    }

    @Test
    @DisplayName("SCH-017")
    void whatOneZoneCannotTakeGoesToTheOther() {
        rack("small", "az1", "r1", 100);
        rack("medium", "az1", "r1", 5 * 200);
        List.of("p", "q").forEach(id -> rack(id, "az2", "r1", 1 << 20));
        List.of("x", "y").forEach(id -> rack(id, "az2", "r2", 1 << 20));
        scene.start();
        scene.tasks(
                "a",
                12,
                spec(1).andThen(prefers("node.labels.az", "node.labels.rack"))
                        .andThen(builder -> SchedulerTest.reserve(builder, 200)));
        scene.run();
        Map<String, Long> spread = scene.spread("a");
        assertThat(spread).doesNotContainKey("small").containsEntry("medium", 5L);
        assertThat(List.of(spread.get("p") + spread.get("q"), spread.get("x") + spread.get("y")))
                .containsExactlyInAnyOrder(3L, 4L);
        assertThat(Math.abs(spread.get("p") - spread.get("q"))).isLessThanOrEqualTo(1);
        assertThat(Math.abs(spread.get("x") - spread.get("y"))).isLessThanOrEqualTo(1);
    }

    @Test
    @DisplayName("SCH-018")
    void fewTasksGoToTheEmptiestBranches() {
        rack("a1", "az1", "r1", 1 << 20);
        rack("a2", "az1", "r2", 1 << 20);
        rack("b1", "az2", "r1", 1 << 20);
        rack("c1", "az3", "r1", 1 << 20);
        scene.tasks("a", 10, running("a1").andThen(spec(1)));
        scene.task("a", running("b1").andThen(spec(1)));
        scene.start();
        List<String> more =
                scene.tasks("a", 3, spec(1).andThen(prefers("node.labels.az", "node.labels.rack")));
        scene.run();
        assertThat(more).extracting(scene::nodeOf).containsExactlyInAnyOrder("c1", "c1", "b1");
    }

    @Test
    @DisplayName("SCH-019")
    void anUnknownPreferenceIsLeftOut() {
        zone("n1", "az1");
        zone("n2", "az2");
        scene.start();
        scene.tasks("a", 4, spec(1).andThen(prefers("node.colour", "node.labels.")));
        scene.run();
        assertThat(scene.spread("a")).isEqualTo(Map.of("n1", 2L, "n2", 2L));
    }

    @Test
    @DisplayName("SCH-020")
    void nodesWithoutTheLabelAreOneBranch() {
        zone("n1", "az1");
        scene.node("n2");
        scene.node("n3");
        scene.start();
        scene.tasks("a", 4, spec(1).andThen(prefers("Node.Labels.az")));
        scene.run();
        assertThat(scene.spread("a")).isEqualTo(Map.of("n1", 2L, "n2", 1L, "n3", 1L));
    }

    @Test
    void tasksOnNodesThatTakeNoMoreCountForTheirBranch() {
        zone("n1", "az1");
        zone("n2", "az1");
        zone("n3", "az2");
        scene.tasks("a", 4, running("n1").andThen(spec(1)));
        scene.changeNode("n1", builder -> builder.getSpecBuilder().setAvailabilityValue(1));
        scene.start();
        scene.tasks("a", 4, spec(1).andThen(prefers("node.labels.az")));
        scene.run();
        assertThat(scene.spread("a")).isEqualTo(Map.of("n1", 4L, "n3", 4L));
    }

    static Consumer<Task.Builder> prefers(String... descriptors) {
        return builder -> List.of(descriptors).forEach(descriptor -> builder.getSpecBuilder()
                .getPlacementBuilder()
                .addPreferencesBuilder()
                .getSpreadBuilder()
                .setSpreadDescriptor(descriptor));
    }

    private void zone(String id, String zone) {
        scene.node(id, builder -> builder.getSpecBuilder().getAnnotationsBuilder().putLabels("az", zone));
    }

    private void rack(String id, String zone, String rack, long memory) {
        scene.node(id, builder -> {
            builder.getSpecBuilder().getAnnotationsBuilder().putLabels("az", zone).putLabels("rack", rack);
            builder.getDescriptionBuilder().getResourcesBuilder().setMemoryBytes(memory);
        });
    }
}
