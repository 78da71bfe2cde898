package io.osmia.agent.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskHandle;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.GenericRuntimeSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Design, section 4: which executor runs a task")
class ExecutorsTest {

    private final Executors executors = new Executors();

    private void install(String... kinds) {
        for (String kind : kinds) {
            executors.add(new Described(kind, true));
        }
    }

    private String runs(String image) {
        return kind(Tasks.task("t", TaskState.RUNNING, ContainerSpec.newBuilder().setImage(image).build()));
    }

    private String generic(String kind) {
        return kind(Task.newBuilder()
                .setSpec(TaskSpec.newBuilder().setGeneric(GenericRuntimeSpec.newBuilder().setKind(kind)))
                .build());
    }

    private String kind(Task task) {
        return executors.forTask(task).map(offer -> offer.description().kind()).orElse("nobody");
    }

    @Test
    void theHostsImageAndGenericProcessesAreForTheProcessExecutor() {
        install("docker", "process", "wasm");
        for (String image : List.of("osmia/host", "osmia/host:9", "docker.io/osmia/host")) {
            assertThat(runs(image)).isEqualTo("process");
        }
        assertThat(generic("process")).isEqualTo("process");
        assertThat(generic("Process")).isEqualTo("process");
        assertThat(generic("wasm")).isEqualTo("wasm");
        assertThat(generic("other")).isEqualTo("nobody");
    }

    @Test
    void otherImagesAreForTheContainerEngineThatIsHere() {
        install("process");
        assertThat(runs("alpine")).isEqualTo("nobody");
        install("podman");
        assertThat(runs("alpine")).isEqualTo("podman");
    }

    @Test
    void ofTwoEnginesTheSettingsSayWhichElseItIsAlwaysTheSame() {
        install("docker", "podman");
        assertThat(runs("alpine")).isEqualTo("docker");
        executors.containersBy("podman");
        assertThat(runs("alpine")).isEqualTo("podman");
        assertThat(runs("osmia/host")).isEqualTo("nobody");
    }

    @Test
    void anEngineThatTheSettingsNameAndThatIsNotHereIsNotReplacedByAnother() {
        install("docker");
        executors.containersBy("podman");
        assertThat(runs("alpine")).isEqualTo("nobody");
    }

    @Test
    void oneThatTakesNoWorkGetsNone() {
        executors.add(new Described("docker", false));
        assertThat(runs("alpine")).isEqualTo("nobody");
        install("podman");
        assertThat(runs("alpine")).isEqualTo("podman");
    }

    /** Says what it is, and nothing else. */
    private record Described(String kind, boolean available) implements Executor {

        @Override
        public ExecutorDescription describe() {
            boolean process = kind.equals("process");
            boolean engine = kind.equals("docker") || kind.equals("podman");
            return new ExecutorDescription(
                    kind,
                    "1.0.0",
                    available,
                    "",
                    process ? Set.of("docker.io/osmia/host") : engine ? Set.of("*") : Set.of(),
                    Set.of(kind),
                    Set.of(),
                    Set.of(1),
                    Map.of(),
                    "",
                    List.of());
        }

        @Override
        public TaskHandle handle(ExecutorTask task, String specDigest) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TaskController controller(ExecutorTask task, TaskHandle handle) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Recovery recover(TaskHandle handle) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<TaskHandle> list(String nodeId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void detach() {
            // holds nothing
        }
    }
}
