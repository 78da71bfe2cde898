package io.osmia.scheduler.internal;

import static io.osmia.scheduler.internal.Scene.running;
import static io.osmia.scheduler.internal.Scene.spec;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FailuresTest {

    private final Scene scene = new Scene();

    @BeforeEach
    void oneNodeHasAReplicaAlready() {
        scene.node("n1");
        scene.node("n2");
        scene.task("s", running("n1").andThen(spec(1)));
        scene.start();
    }

    @Test
    @DisplayName("SCH-022")
    void afterFiveFailuresAnotherNodeIsPreferred() {
        assertThat(failing(7, 1, TaskState.FAILED)).containsExactly("n2", "n2", "n2", "n2", "n2", "n1", "n1");
    }

    @Test
    @DisplayName("SCH-024")
    void failuresCountPerVersionOfTheSpec() {
        assertThat(failing(6, 1, TaskState.REJECTED)).endsWith("n2", "n1");
        assertThat(failing(6, 2, TaskState.FAILED)).containsExactly("n2", "n2", "n2", "n2", "n2", "n1");
    }

    @Test
    void failuresAreForgottenAfterFiveMinutes() {
        failing(5, 1, TaskState.FAILED);
        scene.simulation.advance(Duration.ofMinutes(5));
        assertThat(failing(1, 1, TaskState.FAILED)).containsExactly("n2");
    }

    @Test
    void anOrderlyEndIsNoFailure() {
        assertThat(failing(7, 1, TaskState.COMPLETE)).containsOnly("n2");
        assertThat(failing(7, 1, TaskState.SHUTDOWN)).containsOnly("n2");
        assertThat(failing(7, 1, TaskState.ORPHANED)).containsOnly("n2");
    }

    private List<String> failing(int times, long version, TaskState end) {
        List<String> nodes = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            String task = scene.task("s", spec(version));
            scene.run();
            nodes.add(scene.nodeOf(task));
            scene.state(task, end);
            scene.run();
        }
        return nodes;
    }
}
