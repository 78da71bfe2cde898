package io.osmia.executor.podman.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExec.ExecRequest;
import io.osmia.api.executor.TaskExit;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import io.osmia.engines.InParallel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Podman that answers slowly, twice, late or not at all. */
@Timeout(60)
class ScriptedPodmanTest {

    private static final String STARTED = "2026-01-01T10:00:00Z";

    @TempDir
    private Path dir;

    private ScriptedPodman podman;
    private PodmanExecutor executor;
    private final CountDownLatch notBusy = new CountDownLatch(1);
    private final ExecutorTask task = Tasks.of(Tasks.shell("true"));
    private final String look = "GET /containers/" + task.name() + "/json";

    @BeforeEach
    void start() throws Exception {
        podman = new ScriptedPodman(dir.resolve("s"));
        executor = new PodmanExecutor(dir.resolve("s"), "", "1.0.0");
        Awaitility.await().until(() -> executor.describe().available());
    }

    @AfterEach
    void stop() throws Exception {
        notBusy.countDown();
        executor.detach();
        podman.close();
    }

    private PodmanApi api() {
        return new PodmanApi(dir.resolve("s"));
    }

    private TaskHandle handle() throws ExecutorException {
        return executor.handle(task, "5f");
    }

    private TaskController controller() throws ExecutorException {
        return executor.controller(task, handle());
    }

    private String container(String taskId, String state) {
        return "{\"Id\":\"c1\",\"State\":{" + state + "},\"HostConfig\":{\"Memory\":33554432},"
                + "\"Config\":{\"StopSignal\":15,\"Labels\":{\"" + Labels.TASK_ID + "\":\"" + taskId + "\"}}}";
    }

    private String prepared() {
        return container(task.id(), "\"Status\":\"created\"");
    }

    private String running() {
        return container(task.id(), "\"Status\":\"running\",\"Pid\":5,\"StartedAt\":\"" + STARTED + "\"");
    }

    private String ended(int code) {
        return container(task.id(), "\"Status\":\"exited\",\"ExitCode\":" + code + ",\"StartedAt\":\"" + STARTED
                + "\",\"FinishedAt\":\"2026-01-08T10:00:00Z\"");
    }

    /** As many calls as there may be at a time wait for an answer, or for their turn. */
    private void takeAllPlaces() {
        podman.answer("GET /containers/busy", 404, () -> {
            try {
                assertThat(notBusy.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "{}";
        });
        TaskHandle busy = new TaskHandle("busy", "", "podman", 1, "busy".getBytes());
        List<Thread> calls = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            calls.add(Thread.ofVirtual().start(() -> executor.recover(busy)));
        }
        Awaitility.await().until(() -> calls.stream().allMatch(ScriptedPodmanTest::waits)
                && podman.requests.stream().filter(r -> r.contains("busy")).count() >= 15);
    }

    private static boolean waits(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    @Test
    void aStatusWaitsForNobody() throws Exception {
        podman.answer(look, running());
        takeAllPlaces();
        TaskController controller = controller();
        long before = System.nanoTime();
        assertThat(controller.status().containerId()).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void whatWasToldToStopIsNotStartedByAStartThatHadToWaitForItsTurn() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        podman.answer(look, 200, () -> {
            if (looks.getAndIncrement() == 0) {
                takeAllPlaces(); // between the look and its turn
            }
            return prepared();
        });
        podman.answer("POST /containers/" + task.name() + "/start", "");
        TaskController controller = controller();
        CompletableFuture<?> start = InParallel.call(() -> {
            controller.start();
            return null;
        });
        Awaitility.await().until(() -> podman.requests.stream().filter(r -> r.contains("busy")).count() == 16);
        CompletableFuture<?> stopped = new CompletableFuture<>();
        Thread shutdown = Thread.ofVirtual().start(() -> {
            try {
                controller.shutdown();
                stopped.complete(null);
            } catch (ExecutorException | InterruptedException e) {
                stopped.completeExceptionally(e);
            }
        });
        Awaitility.await().until(() -> waits(shutdown));
        notBusy.countDown();
        assertThatThrownBy(() -> start.get(10, TimeUnit.SECONDS)).hasMessageContaining("told to stop");
        stopped.get(10, TimeUnit.SECONDS);
        assertThat(podman.requests).noneMatch(request -> request.endsWith("/start"));
    }

    @Test
    void healthChecksThatHangHoldUpNobodyElse() throws Exception {
        podman.answer(look, running());
        podman.hang("GET /containers/ill");
        HealthSettings health = new HealthSettings(
                List.of("CMD", "x"), Duration.ofMillis(1), Duration.ofSeconds(20), 1, Duration.ZERO, Duration.ZERO);
        ContainerState state = checked(health);
        try (PodmanApi api = api()) {
            HealthChecks checks = new HealthChecks(api);
            for (int i = 0; i < 40; i++) {
                String name = "ill" + i;
                InParallel.call(() -> {
                    checks.runIfDue(name, state);
                    return null;
                });
            }
            Awaitility.await().until(() -> podman.requests.stream().filter(r -> r.contains("ill")).count() == 40);
            Containers containers = new Containers(api, new Changes());
            assertThat(InParallel.call(() -> containers.inspect(task.name())).get(15, TimeUnit.SECONDS)).isPresent();
        }
    }

    private static ContainerState checked(HealthSettings health) {
        ContainerState made = ContainerState.made("c1", "t", health);
        return new ContainerState(
                ContainerState.Phase.RUNNING, made.id(), made.taskId(), 5, 0, false, "", Instant.parse(STARTED),
                Instant.EPOCH, health, "starting", 0, 15, false, made.ports());
    }

    @Test
    void aCheckThatDoesNotComeBackSincePodmanHangsHasNotFailed() throws Exception {
        podman.hang("GET /containers/ill");
        HealthSettings health = new HealthSettings(
                List.of("CMD", "x"), Duration.ofMillis(1), Duration.ofMillis(50), 1, Duration.ZERO, Duration.ZERO);
        ContainerState state = checked(health);
        try (PodmanApi api = api()) {
            HealthChecks checks = new HealthChecks(api);
            checks.runIfDue("ill1", state);
            assertThat(checks.unhealthy("ill1", state)).as("Podman answers, the check does not").isTrue();
            assertThat(checks.exit("ill1", state).message()).isEqualTo(TaskExit.UNHEALTHY);
            podman.hangPing();
            assertThatThrownBy(() -> checks.runIfDue("ill2", state)).isInstanceOf(AwayException.class);
            assertThat(checks.unhealthy("ill2", state)).isFalse();
        }
    }

    @Test
    void aNameThatIsTakenByACallThatIsNotOverIsWaitedFor() throws Exception {
        podman.answer("GET /images/", "{}");
        podman.answer("POST /images/pull", "{}");
        podman.refuse("POST /containers/create", 500, "the container name is already in use by c1");
        AtomicReference<String> made = new AtomicReference<>("");
        podman.answer(look, 404, () -> "{\"cause\":\"no such container\",\"message\":\"no such container\"}");
        CompletableFuture<?> prepare = InParallel.call(() -> {
            controller().prepare();
            return made.getAndSet("prepared");
        });
        Awaitility.await().until(() -> podman.requests.stream().filter(r -> r.contains("/create")).count() > 1);
        assertThat(prepare).isNotDone();
        podman.answer(look, prepared());
        prepare.get(10, TimeUnit.SECONDS);
        assertThat(made).hasValue("prepared");
    }

    @Test
    void somebodyElsesContainerIsLeftAlone() throws Exception {
        podman.answer("GET /images/", "{}");
        podman.answer("POST /images/pull", "{}");
        podman.refuse("POST /containers/create", 500, "the container name is already in use by c1");
        podman.answer(look, container("other", "\"Status\":\"running\",\"StartedAt\":\"" + STARTED + "\""));
        TaskController controller = controller();
        assertThatThrownBy(controller::prepare).hasMessageContaining("is taken");
        controller.shutdown();
        controller.terminate();
        controller.remove();
        assertThat(executor.recover(handle())).isEqualTo(new Recovery.Gone());
        assertThat(controller.status().containerId()).isEmpty();
        assertThatThrownBy(controller::await).hasMessageContaining("does not exist");
        assertThatThrownBy(() -> executor.signal(handle(), "HUP")).hasMessageContaining("does not run");
        assertThatThrownBy(() -> executor.usage(handle())).hasMessageContaining("does not run");
        assertThatThrownBy(() -> executor.exec(handle(), program())).hasMessageContaining("does not run");
        assertThatThrownBy(() -> executor.read(handle(), OutputRequest.ALL, line -> true))
                .hasMessageContaining("does not exist");
        assertThat(podman.requests)
                .filteredOn(request -> request.contains(task.name()))
                .allMatch(request -> request.equals(look));
    }

    private static ExecRequest program() {
        return new ExecRequest(List.of("x"), List.of(), "", "", false, true, 0, 0);
    }

    @Test
    void ofStartsAtTheSameTimeOneIsSent() throws Exception {
        podman.answer(look, prepared());
        podman.answer("POST /containers/" + task.name() + "/start", 204, () -> {
            podman.answer(look, ended(0));
            return "";
        });
        List<CompletableFuture<?>> starts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            starts.add(InParallel.call(() -> {
                controller().start();
                return null;
            }));
        }
        for (CompletableFuture<?> start : starts) {
            start.get(10, TimeUnit.SECONDS);
        }
        controller().start(); // it has ended
        assertThat(podman.requests).filteredOn(request -> request.endsWith("/start")).hasSize(1);
    }

    @Test
    void whetherItWasKilledIsAskedOnceAndOfItsLastMinute() throws Exception {
        podman.answer(look, ended(137));
        podman.answer("GET /events?stream=false", "");
        for (int i = 0; i < 3; i++) {
            assertThat(executor.recover(handle())).isInstanceOfSatisfying(
                    Recovery.Exited.class, e -> assertThat(e.exit().message()).isEqualTo(TaskExit.OUT_OF_MEMORY));
        }
        String since = Long.toString(Instant.parse("2026-01-08T09:59:00Z").getEpochSecond());
        assertThat(podman.requests)
                .filteredOn(request -> request.startsWith("GET /events?stream=false"))
                .singleElement()
                .asString()
                .contains("since=" + since);
    }

    @Test
    void aPullWithoutAWordIsGivenUp() throws Exception {
        podman.hang("POST /images/pull");
        try (PodmanApi api = api()) {
            Images images = new Images(api, Duration.ofSeconds(1));
            assertThatThrownBy(() -> images.get("example.org/x:1", ""))
                    .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isTrue())
                    .hasMessageContaining("no progress within 1 s");
            podman.answer("GET /images/", "{}");
            assertThat(images.get("example.org/x:1", "").name()).contains("example.org/x:1");
        }
    }

    @Test
    void outputThatCannotBeReadNowMayBeReadLater() throws Exception {
        podman.answer(look, running());
        podman.refuse("GET /containers/" + task.name() + "/logs", 500, "database is locked");
        assertThatThrownBy(() -> executor.read(handle(), OutputRequest.ALL, line -> true)).isInstanceOfSatisfying(
                ExecutorException.class, e -> assertThat(e.temporary()).isTrue());
    }

    @Test
    void aProgramOfWhichNobodyCanTellLeavesNoConnection() throws Exception {
        podman.answer(look, running());
        podman.answer("POST /containers/" + task.name() + "/exec", "{\"Id\":\"e1\"}");
        podman.raw("POST /exec/e1/start", "101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
        podman.refuse("GET /exec/e1/json", 500, "gone");
        assertThatThrownBy(() -> executor.exec(handle(), program())).hasMessageContaining("gone");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> podman.connections() == 0);
    }

    @Test
    void aProcessOutsideTheContainerIsNotTheProgram() throws Exception {
        assertThat(ExecSession.inContainer(ProcessHandle.current().pid(), "5f".repeat(32))).isFalse();
        assertThat(ExecSession.inContainer(ProcessHandle.current().pid(), "")).isFalse();
    }

    @Test
    void onlyEventsThatMatterAreAskedFor() {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(podman.requests)
                .filteredOn(request -> request.startsWith("GET /events?stream=true"))
                .allMatch(request -> request.contains("\"event\":[\"start\",\"died\",\"remove\"]"))
                .isNotEmpty());
    }
}
