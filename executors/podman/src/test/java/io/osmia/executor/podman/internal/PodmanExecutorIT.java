package io.osmia.executor.podman.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.ResourceAmounts;
import io.osmia.api.executor.Dns;
import io.osmia.api.executor.Driver;
import io.osmia.api.executor.ExecutorDescription.EnginePlugin;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.HealthCheck;
import io.osmia.api.executor.Mount;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExec.ExecRequest;
import io.osmia.api.executor.TaskExit;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.executor.TaskOutput.OutputLine;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import io.osmia.api.executor.TaskResources;
import io.osmia.api.executor.Workload;
import io.osmia.engines.InParallel;
import io.osmia.engines.PrivatePodman;
import io.osmia.engines.Wanted;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Podman in particular does with a task, on a real one. */
@Timeout(120)
class PodmanExecutorIT {

    private static @Nullable PrivatePodman podman;

    private PodmanExecutor executor;
    private final List<ExecutorTask> tasks = new ArrayList<>();

    @BeforeAll
    static void startPodman() throws Exception {
        podman = PrivatePodman.start();
    }

    @AfterAll
    static void stopPodman() throws Exception {
        if (podman != null) {
            podman.close();
        }
    }

    @BeforeEach
    void open() {
        executor = new PodmanExecutor(podman.socket(), "", "1.0.0");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> executor.describe().available());
    }

    @AfterEach
    void removeAll() throws Exception {
        for (ExecutorTask task : tasks) {
            TaskController controller = controller(task);
            controller.terminate();
            controller.remove();
        }
        executor.detach();
    }

    private TaskHandle handle(ExecutorTask task) throws ExecutorException {
        return executor.handle(task, "5f");
    }

    private TaskController controller(ExecutorTask task) throws ExecutorException {
        if (!tasks.contains(task)) {
            tasks.add(task);
        }
        return executor.controller(task, handle(task));
    }

    private TaskController started(ExecutorTask task) throws Exception {
        TaskController controller = controller(task);
        controller.prepare();
        controller.start();
        return controller;
    }

    private List<String> output(ExecutorTask task) throws Exception {
        List<String> lines = new ArrayList<>();
        executor.read(handle(task), OutputRequest.ALL, line -> lines.add(text(line)));
        return lines;
    }

    private static String text(OutputLine line) {
        return new String(line.data(), StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("6.15.12: what the engine offers")
    void podmanIsDescribed() {
        assertThat(executor.describe().engineVersion()).matches("[4-9]\\..*");
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(executor.describe().plugins())
                .contains(new EnginePlugin("Volume", "local"), new EnginePlugin("Network", "bridge")));
    }

    @Test
    @DisplayName("AGT-029: prepare makes one container; a conflict of names means that it is prepared")
    void preparingTwiceAtOnceMakesOneContainer() throws Exception {
        ExecutorTask task = Tasks.of(Tasks.shell("sleep 60"));
        TaskController one = controller(task);
        CompletableFuture<?> other = InParallel.call(() -> {
            executor.controller(task, handle(task)).prepare();
            return null;
        });
        one.prepare();
        other.get(30, TimeUnit.SECONDS);
        assertThat(executor.list(Tasks.NODE)).containsExactly(handle(task));
    }

    @Test
    void aContainerOfAnotherTaskIsLeftAlone() throws Exception {
        ExecutorTask task = Tasks.of(Tasks.shell("sleep 60"));
        TaskController owner = started(task);
        ExecutorTask thief = new ExecutorTask(
                "thief", task.name(), "s", "s", Tasks.NODE, 1, Map.of(), Map.of(), task.workload(), task.resources(),
                List.of(), Driver.NONE);
        TaskController controller = executor.controller(thief, executor.handle(thief, ""));
        assertThatThrownBy(controller::prepare).hasMessageContaining("is taken");
        controller.remove();
        assertThat(executor.recover(executor.handle(thief, ""))).isEqualTo(new Recovery.Gone());
        assertThat(executor.recover(handle(task))).isEqualTo(new Recovery.Running());
        assertThat(owner.status().pid()).isPresent();
    }

    @Test
    @DisplayName("6.15.9, 6.15.10: what a task asks for is what its container finds")
    void theContainerFindsWhatTheTaskSays(@TempDir Path dir) throws Exception {
        Path folder = dir.resolve("made/for it");
        Workload.Builder workload = Tasks.shell("""
                hostname; grep -c 10.1.2.3 /etc/hosts; grep ndots /etc/resolv.conf; ulimit -n; id -u; pwd
                cat /proc/sys/net/core/somaxconn; grep CapBnd /proc/self/status; touch /x 2>/dev/null || echo read-only
                df /mnt | tail -n 1 | grep -c tmpfs; cat /proc/self/oom_score_adj; echo $KIND; echo >"/d d/file"
                """)
                .hostname("inside").hosts(List.of("10.1.2.3 a b")).env(List.of("KIND=of thing")).user("nobody")
                .dir("/tmp")
                .dns(new Dns(List.of("1.1.1.1"), List.of(), List.of("ndots:3")))
                .ulimits(List.of(
                        new Workload.Ulimit("nofile", 99, 100), new Workload.Ulimit("nproc", 1000, 1000)))
                .sysctls(Map.of("net.core.somaxconn", "77"))
                .capabilityDrop(List.of("ALL")).readOnly(true).oomScoreAdj(100)
                .mounts(List.of(
                        Mount.tmpfs("/mnt", new Mount.Tmpfs(1 << 20, 0777, "")),
                        Mount.tmpfs("/tmp", Mount.Tmpfs.DEFAULT),
                        new Mount(
                                Mount.Type.BIND, folder.toString(), "/d d", false, "",
                                new Mount.Bind("", false, true, false, false), Mount.Volume.DEFAULT,
                                Mount.Tmpfs.DEFAULT)));
        ExecutorTask task = Tasks.of(workload);
        controller(task).prepare();
        assertThat(folder.toFile().setWritable(true, false)).isTrue();
        controller(task).start();
        assertThat(controller(task).await().code()).hasValue(0);
        assertThat(output(task)).containsExactly(
                "inside", "2", "options ndots:3", "99", "65534", "/tmp", "77", "CapBnd:\t0000000000000000", "read-only",
                "1", "100", "of thing");
        assertThat(folder.resolve("file")).exists();
    }

    @Test
    void initIsTheFirstProcessWhenAskedFor() throws Exception {
        Wanted.that(Files.exists(Path.of("/usr/bin/tini-static")), "install the Debian package tini");
        ExecutorTask task = Tasks.of(Tasks.shell("cat /proc/1/cmdline | tr '\\0' ' '").init(Optional.of(true)));
        assertThat(started(task).await().code()).hasValue(0);
        assertThat(output(task)).singleElement().asString().contains("init").contains("sh -c");
    }

    @Test
    void namedVolumesStayAndAnonymousOnesGo() throws Exception {
        List<Mount> mounts = List.of(
                new Mount(
                        Mount.Type.VOLUME, "kept", "/kept", false, "", Mount.Bind.DEFAULT,
                        new Mount.Volume(false, Map.of("by", "test"), Driver.NONE, ""), Mount.Tmpfs.DEFAULT),
                Mount.volume("", "/gone", false));
        for (int run = 1; run <= 2; run++) {
            ExecutorTask task = Tasks.of(Tasks.shell("echo x >>/kept/f; wc -l </kept/f; ls /gone").mounts(mounts));
            TaskController controller = started(task);
            controller.await();
            assertThat(output(task)).containsExactly(Integer.toString(run));
            controller.remove();
        }
        try (PodmanApi api = new PodmanApi(podman.socket())) {
            Answer volumes = api.get(PodmanApi.at("volumes", "json"), Duration.ofSeconds(10));
            assertThat(volumes.body().getAsJsonArray()).singleElement()
                    .satisfies(v -> assertThat(v.getAsJsonObject().get("Name").getAsString()).isEqualTo("kept"));
            api.delete(PodmanApi.at("volumes", "kept"), Duration.ofSeconds(10));
        }
    }

    @Test
    @DisplayName("6.15.11: no logs of a terminal")
    void theOutputOfATerminalIsRefused() throws Exception {
        ExecutorTask task = Tasks.of(Tasks.shell("test -t 1 && echo tty").tty(true));
        assertThat(started(task).await().code()).hasValue(0);
        assertThatThrownBy(() -> output(task)).hasMessageContaining("logs not supported on services with TTY");
    }

    @Test
    void outputThatIsKeptNowhereIsRefused() throws Exception {
        ExecutorTask plain = Tasks.of(Tasks.shell("echo x"));
        ExecutorTask task = new ExecutorTask(
                plain.id(), plain.name(), "", "", Tasks.NODE, 0, Map.of(), Map.of(), plain.workload(),
                plain.resources(),
                List.of(), new Driver("none", Map.of()));
        assertThat(started(task).await().code()).hasValue(0);
        assertThatThrownBy(() -> output(task)).isInstanceOfSatisfying(
                ExecutorException.class, e -> assertThat(e.temporary()).isFalse());
    }

    @Test
    @DisplayName("AGT-031: what its health check gives up is stopped; a check that does not come back has failed")
    void aHealthCheckThatHangsHasFailed() throws Exception {
        HealthCheck check = new HealthCheck(
                List.of("CMD", "sleep", "1000"), Duration.ofMillis(100), Duration.ofMillis(500), 1, Duration.ZERO,
                Duration.ZERO);
        ExecutorTask task = Tasks.of(Tasks.shell("sleep 1000").healthCheck(check));
        controller(task).prepare();
        assertThatThrownBy(() -> controller(task).start()).hasMessageContaining(TaskExit.UNHEALTHY);
        assertThat(executor.recover(handle(task))).isInstanceOf(Recovery.Exited.class);
    }

    @Test
    void anEngineThatHangsIsAwayAndNobodyWaitsForever() throws Exception {
        ExecutorTask task = Tasks.of(Tasks.shell("sleep 4; exit 3"));
        TaskController controller = started(task);
        CompletableFuture<TaskExit> end = InParallel.call(controller::await);
        podman.hold();
        try {
            assertThat(executor.recover(handle(task))).isInstanceOf(Recovery.Unknown.class);
            Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> !executor.describe().available());
            assertThat(executor.describe().message()).contains("does not answer");
        } finally {
            podman.release();
        }
        assertThat(end.get(60, TimeUnit.SECONDS).code()).hasValue(3);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> executor.describe().available());
    }

    @Test
    void furtherProgramsMayBeMissingOrEndedEarly() throws Exception {
        ExecutorTask task = Tasks.of(Tasks.shell("sleep 1000"));
        started(task);
        assertThatThrownBy(() -> executor.exec(handle(task), program("/no/such")))
                .hasMessageContaining("there is no program /no/such");
        String argument = Long.toString(1_000_000 + System.nanoTime() % 1_000_000);
        var session = executor.exec(handle(task), program("sleep", argument));
        // It is there, perhaps still as the runtime that is about to become it.
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> processes(argument) == 1);
        session.close();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> processes(argument) == 0);
    }

    private static long processes(String argument) {
        return ProcessHandle.allProcesses()
                .filter(p -> List.of(p.info().arguments().orElse(new String[0])).equals(List.of(argument)))
                .count();
    }

    private static ExecRequest program(String... command) {
        return new ExecRequest(List.of(command), List.of(), "", "", false, false, 0, 0);
    }

    @Test
    void aContainerWhoseSupervisorWasKilledCanBeStoppedAndRemoved() throws Exception {
        ExecutorTask task = Tasks.of(Tasks.shell("sleep 1000"));
        TaskController controller = started(task);
        ProcessHandle process =
                ProcessHandle.of(controller.status().pid().orElseThrow()).orElseThrow();
        ProcessHandle conmon = process.parent().orElseThrow();
        conmon.destroyForcibly();
        Awaitility.await().until(() -> !conmon.isAlive());
        process.destroyForcibly();
        Awaitility.await().until(() -> !process.isAlive());
        controller.shutdown();
        controller.remove();
        assertThat(executor.recover(handle(task))).isEqualTo(new Recovery.Gone());
    }

    @Test
    void statisticsKnowTheLimit() throws Exception {
        ExecutorTask task = Tasks.of(Tasks.shell("sleep 1000"))
                .with(TaskResources.limitedTo(new ResourceAmounts(0, 32L << 20, Map.of(), Map.of())));
        started(task);
        var usage = executor.usage(handle(task));
        assertThat(usage.memoryLimitBytes()).hasValue(32L << 20);
        assertThat(usage.memoryBytes().orElse(0)).isBetween(1L, 32L << 20);
    }

    @Test
    void detachingIsQuickWithCallsUnderWay() throws Exception {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ExecutorTask task = Tasks.of(Tasks.shell("while :; do echo x; sleep 0.01; done"));
            calls.add(InParallel.call(started(task)::await));
            calls.add(InParallel.call(() -> {
                executor.read(handle(task), OutputRequest.ALL.following(), line -> true);
                return null;
            }));
        }
        long before = System.nanoTime();
        executor.detach();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        for (CompletableFuture<?> call : calls) {
            assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(AwayException.class);
        }
        open();
    }
}
