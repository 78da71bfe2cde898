package io.osmia.executor.docker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.Health;
import io.osmia.api.executor.TaskExit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the engine says of a container, and what it means. */
class ContainerTest {

    private static Container container(String state, String check) throws Exception {
        return Container.of(Engine.JSON.readTree(
                "{\"Id\":\"c1\",\"State\":{" + state + "},\"Config\":{\"Healthcheck\":{" + check + "}}}"));
    }

    private static String exited(int code, String health) {
        return "\"Status\":\"exited\",\"ExitCode\":" + code + ",\"Health\":{\"Status\":\"unhealthy\"," + health + "}";
    }

    @ParameterizedTest
    @CsvSource({"0", "3", "137", "143"})
    void whatEndsByItselfIsNotUnhealthyThoughTheEngineSaysSo(int code) throws Exception {
        TaskExit exit = container(exited(code, "\"FailingStreak\":1,\"Log\":[{\"ExitCode\":0},{\"ExitCode\":1}]"), "")
                .exit();
        assertThat(exit.code()).hasValue(code);
        assertThat(exit.message()).isEmpty();
    }

    @Test
    void whatItsChecksGaveUpIsUnhealthy() throws Exception {
        assertThat(container(exited(143, "\"FailingStreak\":3"), "").exit().message()).isEqualTo(TaskExit.UNHEALTHY);
        assertThat(container(exited(143, "\"FailingStreak\":3"), "\"Retries\":4").exit().code()).hasValue(143);
        assertThat(container(exited(143, "\"FailingStreak\":1"), "\"Retries\":1").exit().code()).isEmpty();
    }

    @Test
    void whatEndedWasHealthyIfACheckSucceeded() throws Exception {
        assertThat(container(exited(3, "\"FailingStreak\":0,\"Log\":[{\"ExitCode\":0}]"), "").health())
                .isEqualTo(Health.HEALTHY);
        assertThat(container(exited(3, "\"FailingStreak\":0,\"Log\":[]"), "").health()).isEqualTo(Health.STARTING);
    }

    @Test
    void oneThatIsPausedIsNotUnhealthy() throws Exception {
        String paused = "\"Status\":\"paused\",\"Health\":{\"Status\":\"unhealthy\",\"FailingStreak\":0,"
                + "\"Log\":[{\"ExitCode\":0}]}";
        assertThat(container(paused, "").health()).isEqualTo(Health.HEALTHY);
    }
}
