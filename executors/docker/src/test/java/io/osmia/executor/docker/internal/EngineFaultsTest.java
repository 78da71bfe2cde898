package io.osmia.executor.docker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.executor.Driver;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExec.ExecRequest;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import io.osmia.api.executor.TaskResources;
import io.osmia.api.executor.Workload;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Engines that are not there, are others, or hang in the middle of a call. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class EngineFaultsTest {

    private static final Duration BOUND = Duration.ofMillis(400);

    @TempDir
    private Path folder;

    private ScriptedEngine engine;
    private DockerExecutor executor;

    @BeforeEach
    void start() throws Exception {
        engine = new ScriptedEngine(folder.resolve("s"));
        executor = attach(engine.host());
    }

    @AfterEach
    void stop() throws Exception {
        executor.detach();
        engine.close();
    }

    private static DockerExecutor attach(URI host) {
        return new DockerExecutor(Settings.of(host).bounded(BOUND, BOUND), "1");
    }

    private static ExecutorTask task() {
        return new ExecutorTask(
                "t1",
                "web.1.t1",
                "s1",
                "web",
                "n1",
                1,
                Map.of(),
                Map.of(),
                Workload.builder("a/b:1").command(List.of("run")).stopGracePeriod(Duration.ZERO).build(),
                TaskResources.NONE,
                List.of(),
                Driver.NONE);
    }

    private TaskHandle handle() throws ExecutorException {
        return executor.handle(task(), "d");
    }

    private interface Verb {
        void run(TaskController controller) throws ExecutorException, InterruptedException;
    }

    private Verb verb(String name) {
        return switch (name) {
            case "prepare" -> TaskController::prepare;
            case "start" -> TaskController::start;
            case "shutdown" -> TaskController::shutdown;
            case "terminate" -> TaskController::terminate;
            case "remove" -> TaskController::remove;
            case "read" -> controller -> executor.read(handle(), OutputRequest.ALL, line -> true);
            case "usage" -> controller -> executor.usage(handle());
            case "signal" -> controller -> executor.signal(handle(), "HUP");
            case "list" -> controller -> executor.list("n1");
            case "exec" -> controller -> executor.exec(
                    handle(), new ExecRequest(List.of("x"), List.of(), "", "", false, false, 0, 0));
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "prepare, GET /v1.41/containers/web.1.t1/json",
        "prepare, POST /v1.41/containers/create",
        "start, GET /v1.41/containers/web.1.t1/json",
        "start, POST /v1.41/containers/web.1.t1/start",
        "shutdown, GET /v1.41/containers/web.1.t1/json",
        "terminate, GET /v1.41/containers/web.1.t1/json",
        "remove, DELETE /v1.41/containers/web.1.t1",
        "read, GET /v1.41/containers/web.1.t1/logs",
        "signal, POST /v1.41/containers/web.1.t1/kill",
        "list, GET /v1.41/containers/json",
        "exec, POST /v1.41/containers/c1/exec",
        "exec, POST /v1.41/exec/e1/start"
    })
    void anEngineThatHangsIsSaidToHang(String verb, String request) throws Exception {
        String state = verb.equals("start") ? "created" : verb.equals("remove") ? "exited" : "running";
        engine.answer("POST /v1.41/images/create", "{}");
        engine.answer("POST /v1.41/containers/c1/exec", "{\"Id\":\"e1\"}");
        if (!verb.equals("prepare")) {
            engine.answer(
                    "GET /v1.41/containers/web.1.t1/json",
                    ScriptedEngine.RUNNING.replace("\"running\"", '"' + state + '"'));
        }
        engine.stick(request);
        TaskController controller = executor.controller(task(), handle());
        long begun = System.nanoTime();
        assertThatThrownBy(() -> verb(verb).run(controller)).isInstanceOfSatisfying(ExecutorException.class, e -> {
            assertThat(e.temporary()).isTrue();
            assertThat(e).hasMessageContaining("did not").hasMessageContaining("within 400 ms");
        });
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        assertThat(engine.requests).anyMatch(seen -> seen.startsWith(request));
        executor.detach();
        Awaitility.await("all sockets are closed").atMost(Duration.ofSeconds(2)).until(() -> engine.connections() == 0);
    }

    @Test
    void whatCannotBeSeenIsUnknown() throws Exception {
        engine.stick("GET /v1.41/containers/web.1.t1/json");
        assertThat(executor.recover(handle())).isInstanceOf(Recovery.Unknown.class);
        engine.refuse("GET /v1.41/containers/web.1.t2/json", 500, "cannot read");
        assertThat(executor.recover(new TaskHandle("t2", "d", "docker", 1, "web.1.t2".getBytes())))
                .isInstanceOf(Recovery.Unknown.class);
    }

    @Test
    void aWaitOutlastsAnEngineThatHangs() throws Exception {
        engine.stick("GET /v1.41/containers/web.1.t1/json");
        TaskController controller = executor.controller(task(), handle());
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                controller.await();
            } catch (ExecutorException | InterruptedException e) {
                // That it ends is looked at below.
            }
        });
        assertThat(waiting.join(Duration.ofSeconds(1))).isFalse();
        waiting.interrupt();
        assertThat(waiting.join(Duration.ofSeconds(1))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1.24, 1.12, 1.24", "1.99, 1.60, 1.60", "x, '', no Docker Engine"})
    void anotherApiIsNamed(String newest, String oldest, String named) throws Exception {
        executor.detach();
        engine.answer("GET /version", "{\"ApiVersion\":\"" + newest + "\",\"MinAPIVersion\":\"" + oldest + "\"}");
        executor = attach(engine.host());
        Awaitility.await().until(() -> !executor.describe().message().contains("not been reached"));
        assertThat(executor.describe().available()).isFalse();
        assertThat(executor.describe().message()).contains(named);
    }

    @Test
    void aMissingSocketIsNamedAndItsComingNoticed() throws Exception {
        executor.detach();
        Path socket = folder.resolve("later");
        executor = attach(URI.create("unix://" + socket));
        Awaitility.await().until(() -> executor.describe().message().contains("no such socket"));
        assertThat(executor.describe().available()).isFalse();
        assertThat(executor.recover(handle()))
                .isInstanceOfSatisfying(Recovery.Unknown.class, u -> assertThat(u.why()).contains("no such socket"));
        try (ScriptedEngine late = new ScriptedEngine(socket)) {
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> executor.describe().available());
            assertThat(executor.describe().engineVersion()).isEqualTo("20.10");
            assertThat(executor.recover(handle())).isEqualTo(new Recovery.Gone());
        }
    }

    @Test
    void aSocketThatNobodyListensToIsNamed() throws Exception {
        executor.detach();
        engine.close();
        executor = attach(engine.host());
        Awaitility.await().until(() -> executor.describe().message().contains("nobody listens"));
    }

    @Test
    void whatTheEngineRefusesIsForGoodUnlessItIsPassing() throws Exception {
        engine.answer("POST /v1.41/images/create", "{}");
        engine.refuse("POST /v1.41/containers/create", 400, "invalid mount");
        fails("invalid mount", false);
        engine.refuse("POST /v1.41/containers/create", 500, "write /x: no space left on device");
        fails("no space left", true);
        engine.refuse("POST /v1.41/containers/create", 503, "later");
        fails("later", true);
        engine.answer("POST /v1.41/images/create", "{\"status\":\"trying\"}{\"error\":\"denied\"}");
        engine.refuse("POST /v1.41/containers/create", 404, "No such image: a/b:1");
        executor.detach();
        executor = attach(engine.host());
        fails("no image a/b:1 here, and it could not be pulled: denied", false);
    }

    private void fails(String text, boolean temporary) {
        assertThatThrownBy(() -> executor.controller(task(), handle()).prepare())
                .isInstanceOfSatisfying(ExecutorException.class, e -> {
                    assertThat(e).hasMessageContaining(text);
                    assertThat(e.temporary()).isEqualTo(temporary);
                });
    }

    @Test
    void somebodyElsesContainerIsLeftAlone() throws Exception {
        engine.answer("GET /v1.41/containers/web.1.t1/json", ScriptedEngine.RUNNING.replace("\"t1\"", "\"t9\""));
        fails("somebody else's", false);
        assertThat(executor.recover(handle())).isEqualTo(new Recovery.Gone());
    }
}
