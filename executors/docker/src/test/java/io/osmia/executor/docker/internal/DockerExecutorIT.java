package io.osmia.executor.docker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.ResourceAmounts;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Health;
import io.osmia.api.executor.HealthCheck;
import io.osmia.api.executor.Mount;
import io.osmia.api.executor.Port;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExec.ExecRequest;
import io.osmia.api.executor.TaskExit;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.executor.TaskOutput.OutputLine;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import io.osmia.api.executor.TaskResources;
import io.osmia.api.executor.TaskStatistics.Usage;
import io.osmia.engines.InParallel;
import io.osmia.engines.PrivateDocker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The executor with a real engine: what the suite of all executors does not ask for. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DockerExecutorIT {

    private static PrivateDocker engine;
    private DockerExecutor executor;

    @BeforeAll
    static void startEngine() throws Exception {
        engine = PrivateDocker.start();
    }

    @AfterAll
    static void stopEngine() throws Exception {
        if (engine != null) {
            engine.close();
        }
    }

    @BeforeEach
    void attach() {
        executor = attached();
    }

    @AfterEach
    void detach() {
        executor.detach();
    }

    private static DockerExecutor attached() {
        Settings settings = Settings.of(engine.host()).bounded(Duration.ofSeconds(5), Duration.ofSeconds(30));
        DockerExecutor attached = new DockerExecutor(settings, "1.0.0");
        Awaitility.await("the engine is there")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> attached.describe().available());
        return attached;
    }

    private TaskHandle handle(ExecutorTask task) throws ExecutorException {
        return executor.handle(task, "digest");
    }

    private TaskController controller(ExecutorTask task) throws ExecutorException {
        return executor.controller(task, handle(task));
    }

    private TaskController started(ExecutorTask task) throws Exception {
        TaskController controller = controller(task);
        controller.prepare();
        controller.start();
        return controller;
    }

    /** Runs a program beside the task's own, to its end. */
    private void beside(ExecutorTask task, String... command) throws Exception {
        ExecRequest request = new ExecRequest(List.of(command), List.of(), "", "", false, false, 0, 0);
        try (var session = executor.exec(handle(task), request)) {
            assertThat(session.await()).isZero();
        }
    }

    private List<String> output(ExecutorTask task, OutputRequest request) throws Exception {
        List<String> lines = new ArrayList<>();
        executor.read(handle(task), request, line -> lines.add(text(line)));
        return lines;
    }

    private static String text(OutputLine line) {
        return (line.stderr() ? "2:" : "1:") + new String(line.data(), StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("AGT-029, AGT-030: prepared and started once, whoever asks again; ends with its code")
    void prepareAndStartHappenOnce() throws Exception {
        ExecutorTask task = Tasks.shell("echo begun; while [ ! -e /tmp/go ]; do sleep 0.05; done; exit 3");
        assertThat(executor.recover(handle(task))).isEqualTo(new Recovery.Gone());
        TaskController controller = controller(task);
        controller.prepare();
        controller.prepare();
        assertThat(executor.recover(handle(task))).isEqualTo(new Recovery.Prepared());
        controller.start();
        controller.start();
        assertThat(executor.recover(handle(task))).isEqualTo(new Recovery.Running());
        beside(task, "touch", "/tmp/go");
        TaskExit exit = controller.await();
        assertThat(exit.code()).hasValue(3);
        assertThat(exit.message()).isEmpty();
        controller(task).start(); // never again
        assertThat(controller(task).await()).isEqualTo(exit);
        assertThat(executor.recover(handle(task))).isEqualTo(new Recovery.Exited(exit));
        assertThat(output(task, OutputRequest.ALL)).containsExactly("1:begun");
    }

    @Test
    @DisplayName("AGT-032: shutdown, terminate and remove of what is not there succeed")
    void stoppingWhatIsNotThereSucceeds() throws Exception {
        TaskController controller = controller(Tasks.shell("sleep 100"));
        controller.shutdown();
        controller.terminate();
        controller.remove();
        controller.remove();
    }

    @Test
    void statusTellsPidTimeAndPorts() throws Exception {
        ExecutorTask task = Tasks.shell("sleep 100").with(List.of(new Port("http", Port.Protocol.TCP, 80, 0)));
        TaskController controller = started(task);
        TaskController.Status status = controller(task).status();
        assertThat(status).isEqualTo(controller.status());
        assertThat(ProcessHandle.of(status.pid().orElseThrow())).isPresent();
        assertThat(status.containerId()).hasSize(64);
        assertThat(status.ports()).hasSize(1);
        assertThat(status.ports().getFirst().published()).isPositive();
        assertThat(status.health()).isEqualTo(Health.NONE);
    }

    @Test
    void aPortThatIsTakenFailsTheTaskForGood() throws Exception {
        List<Port> port = List.of(new Port("", Port.Protocol.TCP, 80, 18080));
        TaskController first = started(Tasks.shell("sleep 100").with(port));
        assertThat(first.status().ports()).isEqualTo(port);
        TaskController second = controller(Tasks.shell("sleep 100").with(port));
        second.prepare();
        permanent(second::start, "18080");
        first.remove();
    }

    @Test
    void whatNoEngineCanRunIsRefusedForGood() throws Exception {
        ExecutorTask task = Tasks.shell("true");
        permanent(controller(with(task, "osmia/missing:7"))::prepare, "no image osmia/missing:7 here");
        permanent(
                controller(task.with(task.workload().toBuilder()
                        .mounts(List.of(Mount.bind("/does/not/exist", "/mnt", false)))
                        .build()))::prepare,
                "/does/not/exist");
        permanent(
                controller(task.with(TaskResources.limitedTo(
                        new ResourceAmounts(0, 1 << 20, Map.of(), Map.of()))))::prepare,
                "memory limit");
        permanent(
                controller(task.with(task.workload().toBuilder().command(List.of()).build()))::prepare, "ommand");
        TaskController missing = controller(
                task.with(task.workload().toBuilder().command(List.of("nothing")).build()));
        missing.prepare();
        permanent(missing::start, "nothing");
        missing.remove();
    }

    private static ExecutorTask with(ExecutorTask task, String image) {
        return task.with(task.workload().toBuilder().image(image).build());
    }

    private interface Verb {
        void run() throws ExecutorException, InterruptedException;
    }

    private static void permanent(Verb verb, String text) {
        assertThatThrownBy(verb::run).isInstanceOfSatisfying(ExecutorException.class, e -> {
            assertThat(e.temporary()).describedAs(e.getMessage()).isFalse();
            assertThat(e).hasMessageContaining(text);
        });
    }

    @Test
    void theMemoryLimitKillsAndSaysSo() throws Exception {
        ExecutorTask task = Tasks.shell("x=a; while true; do x=$x$x; done")
                .with(TaskResources.limitedTo(
                        new ResourceAmounts(0, 16 << 20, Map.of(), Map.of())));
        TaskExit exit = started(task).await();
        assertThat(exit.code()).hasValue(137);
        assertThat(exit.message()).isEqualTo(TaskExit.OUT_OF_MEMORY);
    }

    private static ExecutorTask checked(String line, String test) {
        ExecutorTask task = Tasks.shell(line);
        return task.with(task.workload().toBuilder()
                .healthCheck(new HealthCheck(
                        List.of("CMD-SHELL", test),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(2),
                        2,
                        Duration.ZERO,
                        Duration.ZERO))
                .build());
    }

    @Test
    @DisplayName("AGT-030: with a health check start returns when it is healthy")
    void startWaitsForHealth() throws Exception {
        ExecutorTask task = checked("sleep 1; touch /tmp/well; sleep 100", "test -e /tmp/well || sleep 1.5");
        TaskController controller = started(task);
        assertThat(controller.status().health()).isEqualTo(Health.HEALTHY);
        controller.remove();
    }

    @Test
    void oneThatIsNeverHealthyIsStopped() throws Exception {
        ExecutorTask task = checked("sleep 100", "false");
        TaskController controller = controller(task);
        controller.prepare();
        permanent(controller::start, TaskExit.UNHEALTHY);
        assertThat(executor.recover(handle(task))).isInstanceOf(Recovery.Exited.class);
    }

    @Test
    @DisplayName("AGT-031: one that becomes unhealthy is stopped")
    void becomingUnhealthyEndsIt() throws Exception {
        ExecutorTask task = checked("sleep 100", "test ! -e /tmp/ill");
        TaskController controller = started(task);
        beside(task, "touch", "/tmp/ill");
        TaskExit exit = controller.await();
        assertThat(exit.code()).isEmpty();
        assertThat(exit.message()).isEqualTo(TaskExit.UNHEALTHY);
        assertThat(controller(task).await()).isEqualTo(exit);
    }

    @Test
    void outputIsReadPerStreamInOrderAndFromAnyPlace() throws Exception {
        ExecutorTask task = Tasks.shell("for i in 1 2 3 4 5; do echo o$i; echo e$i >&2; done; printf end");
        started(task).await();
        List<String> all = output(task, OutputRequest.ALL);
        assertThat(all).filteredOn(line -> line.startsWith("1:")).containsExactly(
                "1:o1", "1:o2", "1:o3", "1:o4", "1:o5", "1:end");
        assertThat(all).filteredOn(line -> line.startsWith("2:")).containsExactly(
                "2:e1", "2:e2", "2:e3", "2:e4", "2:e5");
        assertThat(output(task, OutputRequest.ALL.last(1))).containsExactlyInAnyOrder("1:end", "2:e5");
        assertThat(output(task, OutputRequest.ALL.following())).isEqualTo(all);
        List<OutputLine> lines = new ArrayList<>();
        executor.read(handle(task), OutputRequest.ALL, lines::add);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(output(task, OutputRequest.ALL.goingOnAfter(lines.get(i).position())))
                    .isEqualTo(all.subList(i + 1, all.size()));
        }
    }

    @Test
    void detachingEndsCallsAndLeavesTheContainer() throws Exception {
        ExecutorTask task = Tasks.shell("sleep 100");
        TaskController controller = started(task);
        var before = controller.status();
        CompletableFuture<TaskExit> waiting = InParallel.call(controller::await);
        Awaitility.await().until(() -> waiting.isDone() || executor.describe().available());
        long begun = System.nanoTime();
        executor.detach();
        executor.detach();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isTrue());
        executor = attached();
        assertThat(executor.recover(handle(task))).isEqualTo(new Recovery.Running());
        assertThat(controller(task).status()).isEqualTo(before);
        controller(task).remove();
    }

    @Test
    void anEngineThatIsRestartedLosesNothing() throws Exception {
        ExecutorTask stays = Tasks.shell("sleep 100");
        ExecutorTask ends = Tasks.shell("trap 'exit 9' USR1; echo ready; sleep 100 & wait");
        var before = started(stays).status();
        CompletableFuture<TaskExit> exit = InParallel.call(started(ends)::await);
        Awaitility.await().atMost(Duration.ofSeconds(60))
                .until(() -> output(ends, OutputRequest.ALL).contains("1:ready"));
        engine.kill();
        Awaitility.await().until(() -> !executor.describe().available());
        assertThat(executor.describe().message()).contains(engine.host().toString());
        assertThat(executor.recover(handle(stays))).isInstanceOf(Recovery.Unknown.class);
        assertThatThrownBy(() -> controller(stays).shutdown())
                .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isTrue());
        assertThat(exit).isNotDone();
        engine.run();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> executor.describe().available());
        assertThat(executor.recover(handle(stays))).isEqualTo(new Recovery.Running());
        assertThat(controller(stays).status()).isEqualTo(before);
        // One that ended while the engine was away may have no code.
        executor.signal(handle(ends), "USR1");
        assertThat(exit.get(60, TimeUnit.SECONDS).code()).hasValue(9);
        controller(stays).remove();
    }

    @Test
    void anEngineThatHangsDelaysNobodyForLong() throws Exception {
        ExecutorTask task = Tasks.shell("sleep 100");
        started(task);
        engine.hold();
        try {
            Thread interrupted = Thread.currentThread();
            Thread.ofVirtual().start(() -> {
                try {
                    Pause.sleep(Duration.ofMillis(300));
                    interrupted.interrupt();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThatThrownBy(() -> controller(task).shutdown()).isInstanceOf(InterruptedException.class);
            assertThat(executor.recover(handle(task)))
                    .isInstanceOfSatisfying(Recovery.Unknown.class, u -> assertThat(u.why()).contains("within 5 s"));
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !executor.describe().available());
            long begun = System.nanoTime();
            executor.detach();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        } finally {
            engine.release();
        }
        executor = attached();
        assertThat(executor.recover(handle(task))).isEqualTo(new Recovery.Running());
        controller(task).remove();
    }

    @Test
    void statisticsTellWhatItUses() throws Exception {
        ExecutorTask task = Tasks.shell("sleep 100")
                .with(TaskResources.limitedTo(
                        new ResourceAmounts(0, 64 << 20, Map.of(), Map.of())));
        started(task);
        Usage usage = executor.usage(handle(task));
        assertThat(usage.memoryLimitBytes()).hasValue(64 << 20);
        assertThat(usage.memoryBytes().orElseThrow()).isBetween(1L, 64L << 20);
        assertThat(usage.pids().orElseThrow()).isPositive();
        assertThat(usage.cpuNanos()).isPresent();
    }

    @Test
    void programsRunBesideIt() throws Exception {
        ExecutorTask task = Tasks.shell("sleep 100");
        started(task);
        ExecRequest request = new ExecRequest(
                List.of("sh", "-c", "read line; echo got $line $X; echo err >&2; exit 4"),
                List.of("X=y"),
                "/tmp",
                "",
                false,
                true,
                0,
                0);
        try (var session = executor.exec(handle(task), request)) {
            session.stdin().write("hello\n".getBytes(StandardCharsets.UTF_8));
            session.stdin().close();
            assertThat(new String(session.stdout().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("got hello y\n");
            assertThat(new String(session.stderr().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("err\n");
            assertThat(session.await()).isEqualTo(4);
        }
        ExecRequest terminal = new ExecRequest(List.of("sh", "-c", "sleep 60"), List.of(), "", "", true, false, 80, 25);
        try (var session = executor.exec(handle(task), terminal)) {
            session.resize(100, 30);
        }
        ExecRequest missing = new ExecRequest(List.of("nothing"), List.of(), "", "", false, false, 0, 0);
        permanent(() -> executor.exec(handle(task), missing), "nothing");
    }

    @Test
    void filesOfTheHostAndVolumesAreMounted() throws Exception {
        Path shared = Files.createTempDirectory("om");
        Files.writeString(shared.resolve("f"), "content");
        ExecutorTask task =
                Tasks.shell("cat /in/f; df /fast | grep -c tmpfs; touch /in/x 2>/dev/null || echo read only");
        ExecutorTask mounted = task.with(task.workload().toBuilder()
                .mounts(List.of(
                        Mount.bind(shared.toString(), "/in", true),
                        Mount.tmpfs("/fast", new Mount.Tmpfs(1 << 20, 0, "")),
                        Mount.volume("data", "/data", false)))
                .build());
        started(mounted).await();
        assertThat(output(mounted, OutputRequest.ALL)).containsExactly("1:content1", "1:read only");
    }
}
