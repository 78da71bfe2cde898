package io.osmia.scheduler.internal;

import static io.osmia.scheduler.internal.FiltersTest.plugins;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.swarmkit.Task;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which node can run what. */
class ExecutorsTest {

    private final Scene scene = new Scene();

    @BeforeEach
    void aService() {
        scene.service("s", 1, Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "osmia/host",
        "osmia/host:1.2",
        "docker.io/osmia/host",
        "osmia/host@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    })
    void hostProcessesNeedTheProcessExecutor(String image) {
        scene.node("n1", plugins("Executor/docker@1.0.0"));
        scene.node("n2", plugins("Executor/process@1.0.0"));
        scene.start();
        String task = scene.task("s", image(image));
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n2");
    }

    @Test
    void imagesNeedAContainerEngine() {
        scene.node("n1", plugins("Executor/process@1.0.0"));
        scene.node("n2", plugins("Executor/process@1.0.0", "Executor/podman@1.0.0"));
        scene.start();
        String task = scene.task("s", image("alpine"));
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n2");
    }

    @Test
    void genericTasksNeedTheExecutorOfTheirKind() {
        scene.node("n1", plugins("Executor/docker@1.0.0"));
        scene.node("n2", plugins("Executor/firecracker@1.0.0"));
        scene.node("n3", plugins("Executor/process@1.0.0"));
        scene.start();
        String other = scene.task("s", generic("FireCracker"));
        String process = scene.task("s", generic("process"));
        scene.run();
        assertThat(scene.nodeOf(other)).isEqualTo("n2");
        assertThat(scene.nodeOf(process)).isEqualTo("n3");
    }

    @Test
    void aNodeThatKnowsNothingOfExecutorsIsAContainerEngine() {
        scene.node("n1", plugins("Volume/local"));
        scene.start();
        String task = scene.task("s", image("alpine"));
        String host = scene.task("s", image("osmia/host"));
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n1");
        assertThat(scene.error(host)).isEqualTo("no suitable node (no executor for image osmia/host on 1 node)");
    }

    @Test
    void anImageThatNobodyCanRun() {
        scene.node("n1", plugins("Executor/process@1.0.0"));
        scene.node("n2", plugins("Executor/process@1.0.0"));
        scene.start();
        String task = scene.task("s", image("nginx:1.27"));
        scene.run();
        assertThat(scene.error(task)).isEqualTo("no suitable node (no executor for image nginx:1.27 on 2 nodes)");
        String generic = scene.task("s", generic("wasm"));
        scene.run();
        assertThat(scene.error(generic))
                .isEqualTo("no suitable node (no executor for generic kind wasm on 2 nodes)");
    }

    @Test
    void whatIsSwitchedOffIsSaid() {
        scene.node("n1", node -> node.getDescriptionBuilder()
                .getEngineBuilder()
                .putLabels("osmia.executor.process", "off"));
        scene.node("n2", plugins("Executor/docker@1.0.0"));
        scene.start();
        String task = scene.task("s", image("osmia/host"));
        String alpine = scene.task("s", image("alpine"));
        scene.run();
        assertThat(scene.error(task))
                .isEqualTo("no suitable node (no executor for image osmia/host on 2 nodes;"
                        + " host processes are off on 1 node (start with --allow-host-processes))");
        assertThat(scene.nodeOf(alpine)).isEqualTo("n2");
    }

    private static Consumer<Task.Builder> image(String image) {
        return task -> task.getSpecBuilder().getContainerBuilder().setImage(image);
    }

    private static Consumer<Task.Builder> generic(String kind) {
        return task -> task.getSpecBuilder().getGenericBuilder().setKind(kind);
    }
}
