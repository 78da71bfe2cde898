package io.osmia.executor.docker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.executor.Driver;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExec;
import io.osmia.api.executor.TaskExec.ExecRequest;
import io.osmia.api.executor.TaskExit;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import io.osmia.api.executor.TaskResources;
import io.osmia.api.executor.Workload;
import io.osmia.engines.InParallel;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** For what hangs. */
    private static final Duration BOUND = Duration.ofMillis(400);

    /** For what does not. */
    private static final Duration AMPLE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private ScriptedEngine engine;
    private DockerExecutor executor;

    @BeforeEach
    void start() throws Exception {
        engine = new ScriptedEngine(folder.resolve("s"));
        executor = attach(engine.host());
    }

    /** With an executor that is there already, and from now on gives the engine little time. */
    private void hurry(Duration calls, Duration works) {
        executor.detach();
        executor = new DockerExecutor(Settings.of(engine.host()).bounded(calls, works), "1");
        Awaitility.await().pollDelay(Duration.ZERO).atMost(Duration.ofSeconds(20))
                .until(() -> executor.describe().available());
    }

    @AfterEach
    void stop() throws Exception {
        executor.detach();
        engine.close();
    }

    private static DockerExecutor attach(URI host) {
        return new DockerExecutor(Settings.of(host).bounded(AMPLE, AMPLE), "1");
    }

    static ExecutorTask task() {
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
        "prepare, call, GET /v1.41/containers/web.1.t1/json",
        "prepare, work, POST /v1.41/containers/create",
        "start, call, GET /v1.41/containers/web.1.t1/json",
        "start, work, POST /v1.41/containers/web.1.t1/start",
        "shutdown, call, GET /v1.41/containers/web.1.t1/json",
        "terminate, call, GET /v1.41/containers/web.1.t1/json",
        "remove, work, DELETE /v1.41/containers/web.1.t1",
        "read, later call, GET /v1.41/containers/web.1.t1/logs",
        "signal, later call, POST /v1.41/containers/web.1.t1/kill",
        "list, call, GET /v1.41/containers/json",
        "exec, later call, POST /v1.41/containers/c1/exec",
        "exec, later call, POST /v1.41/exec/e1/start"
    })
    void anEngineThatHangsIsSaidToHang(String verb, String bounded, String request) throws Exception {
        switch (bounded) {
            case "work" -> hurry(AMPLE, BOUND);
            case "call" -> hurry(BOUND, AMPLE);
            default -> hurry(Duration.ofSeconds(1), AMPLE); // others are answered before it
        }
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
            assertThat(e).hasMessageContaining("did not")
                    .hasMessageContaining("within " + (bounded.startsWith("later") ? "1 s" : "400 ms"));
        });
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(AMPLE.minusSeconds(5));
        assertThat(engine.requests).anyMatch(seen -> seen.startsWith(request));
        executor.detach();
        Awaitility.await("all sockets are closed").atMost(Duration.ofSeconds(60))
                .until(() -> engine.connections() == 0);
    }

    @Test
    void whatCannotBeSeenIsUnknown() throws Exception {
        hurry(BOUND, AMPLE);
        engine.stick("GET /v1.41/containers/web.1.t1/json");
        assertThat(executor.recover(handle())).isInstanceOf(Recovery.Unknown.class);
        engine.refuse("GET /v1.41/containers/web.1.t2/json", 500, "cannot read");
        assertThat(executor.recover(new TaskHandle("t2", "d", "docker", 1, "web.1.t2".getBytes())))
                .isInstanceOf(Recovery.Unknown.class);
    }

    @Test
    void aWaitOutlastsAnEngineThatHangs() throws Exception {
        hurry(BOUND, AMPLE);
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
        assertThat(waiting.join(Duration.ofSeconds(15))).isTrue();
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
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> executor.describe().available());
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
    void aPullThatBreaksSaysNothingOfTheImage() throws Exception {
        engine.refuse("POST /v1.41/containers/create", 404, "No such image: a/b:1");
        engine.breakOnce("POST /v1.41/images/create", () -> {
        });
        fails("no image a/b:1 here, and it could not be pulled", true);
        engine.answer("POST /v1.41/images/create", "{\"error\":\"context canceled\"}");
        fails("no image a/b:1 here, and it could not be pulled: context canceled", true);
        engine.answer("POST /v1.41/images/create", "{}");
        engine.answer("POST /v1.41/containers/create", "{}");
        executor.controller(task(), handle()).prepare();
    }

    @Test
    void aStartWhoseConnectionBreaksIsNotSentToOneThatHasEnded() throws Exception {
        engine.answer(LOOK, in("created"));
        engine.breakOnce("POST /v1.41/containers/web.1.t1/start", () -> engine.answer(LOOK, in("exited")));
        executor.controller(task(), handle()).start();
        assertThat(engine.requests).filteredOn(request -> request.endsWith("/start")).hasSize(1);
    }

    @Test
    void aStartWhoseConnectionWasDeadIsSentAgain() throws Exception {
        engine.answer(LOOK, in("created"));
        engine.answer("POST /v1.41/containers/web.1.t1/start", "");
        engine.breakOnce("POST /v1.41/containers/web.1.t1/start", () -> {
        });
        executor.controller(task(), handle()).start();
        assertThat(engine.requests).filteredOn(request -> request.endsWith("/start")).hasSize(2);
    }

    @Test
    void aSignalWhoseConnectionBreaksIsNotRepeated() throws Exception {
        engine.answer(LOOK, ScriptedEngine.RUNNING);
        engine.answer("POST /v1.41/containers/web.1.t1/kill", "");
        engine.breakOnce("POST /v1.41/containers/web.1.t1/kill", () -> {
        });
        assertThatThrownBy(() -> executor.signal(handle(), "HUP")).isInstanceOfSatisfying(
                ExecutorException.class, e -> assertThat(e.temporary()).isTrue());
        assertThat(engine.requests).filteredOn(request -> request.contains("/kill")).hasSize(1);
    }

    static final String LOOK = "GET /v1.41/containers/web.1.t1/json";

    static String in(String state) {
        return ScriptedEngine.RUNNING.replace("\"running\"", '"' + state + '"');
    }

    @ParameterizedTest
    @CsvSource({
        "400, client version 1.47 is too new. Maximum supported API version is 1.41",
        "403, authorization denied by plugin",
        "500, database is locked"
    })
    void aWaitOutlastsAnEngineThatRefusesToTell(int status, String message) throws Exception {
        engine.refuse(LOOK, status, message);
        CompletableFuture<TaskExit> end = InParallel.call(executor.controller(task(), handle())::await);
        Awaitility.await().until(() -> engine.requests.stream().anyMatch(LOOK::equals));
        engine.answer(LOOK, in("exited").replace("\"Pid\":5", "\"ExitCode\":3"));
        assertThat(end.get(20, TimeUnit.SECONDS).code()).hasValue(3);
    }

    @Test
    void anEngineOfAnotherVersionIsAskedForIt() throws Exception {
        Awaitility.await().until(() -> executor.describe().available());
        engine.answer("GET /version", "{\"ApiVersion\":\"1.40\",\"MinAPIVersion\":\"1.12\"}");
        engine.endEvents();
        Awaitility.await().until(() -> !executor.describe().available());
        engine.answer("GET /v1.40/containers/web.1.t1/json", ScriptedEngine.RUNNING);
        assertThat(executor.recover(handle())).isEqualTo(new Recovery.Running());
    }

    @Test
    void outputThatStopsInTheMiddleIsNotWaitedForForEver() throws Exception {
        hurry(AMPLE, BOUND);
        engine.answer(LOOK, in("exited"));
        engine.begin("GET /v1.41/containers/web.1.t1/logs", new byte[] {1, 0, 0});
        assertThatThrownBy(() -> executor.read(handle(), OutputRequest.ALL, line -> true))
                .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isTrue())
                .hasMessageContaining("did not go on");
    }

    @Test
    void whoFollowsOutputOfAnEngineThatHangsIsTold() throws Exception {
        hurry(Duration.ofSeconds(1), AMPLE);
        engine.answer(LOOK, ScriptedEngine.RUNNING);
        engine.begin("GET /v1.41/containers/web.1.t1/logs", new byte[0]);
        CompletableFuture<Boolean> told = InParallel.call(() -> {
            try {
                executor.read(handle(), OutputRequest.ALL.following(), line -> true);
                return false;
            } catch (ExecutorException | InterruptedException e) {
                return e instanceof ExecutorException failure && failure.temporary();
            }
        });
        Awaitility.await().until(() -> engine.requests.stream().anyMatch(request -> request.contains("/logs")));
        engine.stick("GET /v1.41/containers/json"); // for which it is asked every 5 s
        assertThat(told.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aConnectorThatFailsIsTriedAgain() throws Exception {
        AtomicBoolean halfWritten = new AtomicBoolean();
        Settings settings = Settings.of(engine.host());
        try (Engine checked = new Engine(settings, () -> {
            if (halfWritten.get()) {
                throw new IllegalStateException("half a certificate");
            }
            return Transport.connect(settings);
        }); Watch watch = new Watch(checked, new Bells(), name -> {
        }, Duration.ofMillis(50), Duration.ofSeconds(5))) {
            Awaitility.await().until(() -> watch.state().available());
            halfWritten.set(true);
            engine.endEvents();
            Awaitility.await().until(() -> watch.state().why().contains("half a certificate"));
            halfWritten.set(false);
            Awaitility.await().until(() -> watch.state().available());
        }
    }

    @Test
    void theInputOfAProgramEndsWithIt() throws Exception {
        ExecInput input = new ExecInput();
        CompletableFuture<Boolean> refused = InParallel.call(() -> {
            try {
                while (true) {
                    input.sink().write(1);
                }
            } catch (IOException e) {
                return true;
            }
        });
        input.abandon();
        assertThat(refused.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(input.readAllBytes()).hasSizeLessThan(2);
    }

    @Test
    void theTransportIsNotLeftWaitingForInputOfAProgramThatEnded() throws Exception {
        engine.answer(LOOK, ScriptedEngine.RUNNING);
        engine.answer("POST /v1.41/containers/c1/exec", "{\"Id\":\"e1\"}");
        engine.hijack("POST /v1.41/exec/e1/start", true);
        engine.answer("GET /v1.41/exec/e1/json", "{\"Pid\":1,\"Running\":false,\"ExitCode\":0}");
        TaskExec.Session session = executor.exec(
                handle(), new ExecRequest(List.of("x"), List.of(), "", "", false, true, 0, 0));
        assertThat(session.await()).isZero();
        Awaitility.await().untilAsserted(() -> assertThatThrownBy(() -> session.stdin().write(1))
                .hasMessageContaining("closed"));
    }

    @Test
    void aProgramThatTheEngineNeverStartsIsGivenUp() throws Exception {
        hurry(AMPLE, BOUND);
        engine.answer(LOOK, ScriptedEngine.RUNNING);
        engine.answer("POST /v1.41/containers/c1/exec", "{\"Id\":\"e1\"}");
        engine.hijack("POST /v1.41/exec/e1/start", false);
        engine.answer("GET /v1.41/exec/e1/json", "{\"Pid\":0,\"Running\":false}");
        assertThatThrownBy(() -> executor.exec(
                handle(), new ExecRequest(List.of("x"), List.of(), "", "", false, false, 0, 0)))
                .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isTrue())
                .hasMessageContaining("did not start a program");
    }

    @Test
    void somebodyElsesContainerIsLeftAlone() throws Exception {
        Awaitility.await().until(() -> executor.describe().available());
        engine.answer(LOOK, ScriptedEngine.RUNNING.replace("\"t1\"", "\"t9\""));
        fails("somebody else's", false);
        assertThat(executor.recover(handle())).isEqualTo(new Recovery.Gone());
        TaskController controller = executor.controller(task(), handle());
        controller.shutdown();
        controller.terminate();
        controller.remove();
        assertThat(controller.status().containerId()).isEmpty();
        assertThatThrownBy(controller::await).hasMessageContaining(DockerController.DESTROYED);
        assertThat(engine.requests).allMatch(request -> request.startsWith("GET "));
    }
}
