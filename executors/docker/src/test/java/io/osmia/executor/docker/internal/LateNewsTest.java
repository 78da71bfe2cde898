package io.osmia.executor.docker.internal;

import static io.osmia.executor.docker.internal.EngineFaultsTest.LOOK;
import static io.osmia.executor.docker.internal.EngineFaultsTest.in;
import static io.osmia.executor.docker.internal.EngineFaultsTest.task;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import io.osmia.engines.InParallel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/** An engine that says things late, and what was seen in between. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class LateNewsTest {

    private static final String LISTED = "GET /v1.41/containers/json";

    @TempDir
    private Path folder;

    private ScriptedEngine engine;
    private @Nullable DockerExecutor executor;

    @BeforeEach
    void start() throws Exception {
        engine = new ScriptedEngine(folder.resolve("s"));
    }

    private void attach() {
        executor = new DockerExecutor(Settings.of(engine.host()), "1");
    }

    @AfterEach
    void stop() throws Exception {
        if (executor != null) {
            executor.detach();
        }
        engine.close();
    }

    private TaskController controller() throws ExecutorException {
        return executor.controller(task(), executor.handle(task(), "d"));
    }

    @Test
    void anEngineThatIsSlowOnceIsNotGivenUp() throws Exception {
        engine.answer(LISTED, "[]");
        engine.stickOnce(LISTED);
        Settings settings = Settings.of(engine.host()).bounded(Duration.ofSeconds(1), Duration.ofSeconds(20));
        try (Engine checked = new Engine(settings);
                Watch watch = new Watch(checked, new Bells(), name -> {
                }, Duration.ofMillis(50), Duration.ofMillis(50))) {
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(
                    () -> engine.requests.stream().filter(request -> request.startsWith(LISTED)).count() >= 3);
            assertThat(watch.state().available()).isTrue();
        }
        assertThat(engine.requests).filteredOn(request -> request.contains("/events")).hasSize(1);
    }

    @Test
    void oneThatWasWellBeforeItEndedHasStarted() throws Exception {
        String health = ",\"Health\":{\"Status\":\"unhealthy\",\"FailingStreak\":0,\"Log\":[{\"ExitCode\":0}]}}";
        attach();
        engine.answer(LOOK, ScriptedEngine.RUNNING.replace("5}", "5,\"Health\":{\"Status\":\"starting\"}}"));
        CompletableFuture<Boolean> start = InParallel.call(() -> {
            controller().start();
            return true;
        });
        Awaitility.await().until(() -> engine.requests.stream().filter(LOOK::equals).count() >= 2);
        engine.answer(LOOK, in("exited").replace("\"Pid\":5}", "\"ExitCode\":3" + health));
        engine.endEvents(); // that of its end may be among those that are lost
        assertThat(start.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void thatTheMemoryLimitEndedItMayBeSaidAfterItsEnd() throws Exception {
        String killed = in("exited").replace(
                "\"Pid\":5}", "\"ExitCode\":137,\"FinishedAt\":\"" + Instant.now().plusSeconds(60)
                        + "\"},\"HostConfig\":{\"Memory\":5}");
        attach();
        engine.answer(LOOK, killed.replace("\"ExitCode\"", "\"OOMKilled\":true,\"ExitCode\""));
        for (int i = 0; i < 2; i++) {
            engine.answerFirst(LOOK, killed);
            TaskExit exit = i == 0
                    ? controller().await()
                    : ((Recovery.Exited) executor.recover(executor.handle(task(), "d"))).exit();
            assertThat(exit.message()).isEqualTo(TaskExit.OUT_OF_MEMORY);
        }
    }
}
