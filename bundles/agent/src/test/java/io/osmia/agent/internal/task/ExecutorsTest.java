package io.osmia.agent.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.Executor;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.GenericRuntimeSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Design, section 4: which executor runs a task")
class ExecutorsTest {

    private final Executors executors = new Executors();

    private void install(String... kinds) {
        for (String kind : kinds) {
            executors.add(new DescribedExecutor(kind, true));
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
        executors.add(new DescribedExecutor("docker", false));
        assertThat(runs("alpine")).isEqualTo("nobody");
        install("podman");
        assertThat(runs("alpine")).isEqualTo("podman");
    }

    @Test
    void whileTheEngineIsExchangedWorkDoesNotGoToTheOther() {
        Executor docker = new DescribedExecutor("docker", true);
        executors.add(docker, 1);
        install("podman");
        executors.reserve(Set.of(1L));
        executors.remove(docker);
        assertThat(runs("alpine")).isEqualTo("nobody");
        executors.release();
        assertThat(runs("alpine")).isEqualTo("podman");
    }

    @Test
    void workWaitsForAnEngineThatIsAwayAndNotForOneThatNeverWas() {
        DescribedExecutor docker = new DescribedExecutor("docker", false);
        executors.add(docker);
        install("podman");
        assertThat(runs("alpine")).isEqualTo("podman");
        docker.describes(DescribedExecutor.description("docker", true));
        executors.remove(docker);
        executors.add(docker);
        assertThat(runs("alpine")).isEqualTo("docker");
        docker.describes(DescribedExecutor.description("docker", false));
        executors.remove(docker);
        executors.add(docker);
        assertThat(runs("alpine")).isEqualTo("nobody");
        assertThat(executors
                .lack(Tasks.task("t", TaskState.RUNNING, ContainerSpec.newBuilder().setImage("alpine").build())))
                .isEqualTo("executor docker takes no work at the moment, waiting for it: it is away");
    }
}
