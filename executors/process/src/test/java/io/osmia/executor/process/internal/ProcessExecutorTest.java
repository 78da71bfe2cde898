package io.osmia.executor.process.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.ResourceAmounts;
import io.osmia.api.executor.Driver;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import io.osmia.api.executor.TaskResources;
import io.osmia.api.executor.Workload;
import io.osmia.api.executor.Workload.Ulimit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, real signals. */
@Timeout(60)
class ProcessExecutorTest {

    private static int counter;

    @TempDir
    Path root;

    private ProcessExecutor executor;
    private final List<TaskController> controllers = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        executor = allowing();
    }

    private ProcessExecutor allowing(String... users) throws IOException {
        return new ProcessExecutor(Settings.DEFAULT.allowing(users), "1.0.0", root.resolve("process"), List.of());
    }

    @AfterEach
    void removeAll() throws Exception {
        for (TaskController controller : controllers) {
            controller.remove();
        }
        executor.detach();
    }

    @Test
    void runsACommandWithItsArgumentsAsTheyAre() throws Exception {
        ExecutorTask task = task("printf", "[%s]", "a b", "$HOME", "'; rm -rf / #", "");
        TaskExit exit = started(task).await();

        assertThat(exit.code()).hasValue(0);
        assertThat(output(task)).containsExactly("[a b][$HOME]['; rm -rf / #][]");
    }

    @Test
    void givesThePlainEnvironmentAndNothingOfItsOwn() throws Exception {
        ExecutorTask task = task(List.of("env"), List.of("GREETING=hello world", "PATH=/bin:/usr/bin"));
        started(task).await();

        assertThat(output(task))
                .containsExactlyInAnyOrder(
                        "PATH=/bin:/usr/bin",
                        "GREETING=hello world",
                        "OSMIA_TASK_ID=" + task.id(),
                        "OSMIA_NODE_ID=node1",
                        "OSMIA_SERVICE_NAME=web",
                        "OSMIA_SLOT=3");
    }

    @Test
    void reportsTheExitCode() throws Exception {
        assertThat(started(task("sh", "-c", "exit 7")).await().code()).hasValue(7);
    }

    @Test
    void deathBySignalIs128PlusItsNumber() throws Exception {
        assertThat(started(task("sh", "-c", "kill -KILL $$")).await().code()).hasValue(137);
        assertThat(started(task("sh", "-c", "kill -TERM $$")).await().code()).hasValue(143);
    }

    @Test
    void aSecondInstanceTakesOverTheSameProcess() throws Exception {
        ExecutorTask task = task("sleep", "60");
        TaskController first = started(task);
        long pid = first.status().pid().orElseThrow();
        executor.detach();

        executor = allowing();
        TaskHandle handle = executor.handle(task, "digest");
        assertThat(executor.recover(handle)).isEqualTo(new Recovery.Running());
        TaskController second = executor.controller(task, handle);
        second.start();
        assertThat(second.status().pid()).hasValue(pid);

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        assertThat(second.await().code()).hasValue(137);
    }

    @Test
    void anExitWhileNobodyWatchedIsKnownAfterwards() throws Exception {
        ExecutorTask task = task("sleep", "60");
        TaskController controller = started(task);
        executor.detach();
        ProcessHandle.of(controller.status().pid().orElseThrow()).orElseThrow().destroyForcibly();
        Awaitility.await().atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(root.resolve("process/exit/" + task.id())));

        executor = allowing();
        Recovery recovery = executor.recover(executor.handle(task, "digest"));
        assertThat(recovery).isInstanceOfSatisfying(
                Recovery.Exited.class, exited -> assertThat(exited.exit().code()).hasValue(137));
    }

    @Test
    void aKilledSupervisorLeavesNoCodeAndItsTreeIsEnded() throws Exception {
        ExecutorTask task = task("sh", "-c", "sleep 60 & wait");
        TaskController controller = started(task);
        CompletableFuture<TaskExit> exit = async(controller);
        TaskFiles files = new TaskFiles(root.resolve("process"));
        TaskFiles.Run run = files.run(task.id()).orElseThrow();

        Signals.send(run.supervisor(), Signals.KILL);

        TaskExit seen = exit.get(30, TimeUnit.SECONDS);
        assertThat(seen.code()).isEmpty();
        assertThat(seen.message()).isEqualTo("exit status unknown");
        assertThat(run.process().alive()).isFalse();
        assertThat(membersOf(task)).isEmpty();
    }

    @Test
    void shutdownEndsTheWholeTreeAndKillsWhatIgnoresTheSignal() throws Exception {
        ExecutorTask task = task(
                "sh", "-c", "trap '' TERM; setsid sh -c 'trap \"\" TERM; while :; do sleep 0.1; done' & "
                        + "echo ready; while :; do sleep 0.1; done");
        TaskController controller = started(task);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> output(task).contains("ready"));

        controller.shutdown();

        assertThat(membersOf(task)).isEmpty();
        assertThat(controller.await().code()).hasValue(137);
    }

    @Test
    void shutdownSendsTheStopSignalOfTheSpec() throws Exception {
        ExecutorTask task = withStopSignal(
                task("sh", "-c", "trap 'exit 42' USR1; echo ready; while :; do sleep 0.05; done"), "SIGUSR1");
        TaskController controller = started(task);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> output(task).contains("ready"));

        controller.shutdown();

        assertThat(controller.await().code()).hasValue(42);
    }

    @Test
    void everyVerbMayBeCalledTwice() throws Exception {
        ExecutorTask task = task("sleep", "60");
        TaskController controller = started(task);
        long pid = controller.status().pid().orElseThrow();
        controller.prepare();
        controller.start();
        assertThat(controller.status().pid()).hasValue(pid);
        controller.terminate();
        controller.terminate();
        controller.shutdown();
        controller.remove();
        controller.remove();
        assertThat(executor.recover(executor.handle(task, ""))).isEqualTo(new Recovery.Gone());
        assertThat(executor.list("node1")).isEmpty();
    }

    @Test
    void waitingCanBeCancelledAndChangesNothing() throws Exception {
        TaskController controller = started(task("sleep", "60"));
        Thread waiter = Thread.ofVirtual().unstarted(() -> assertThatThrownBy(controller::await)
                .isInstanceOf(InterruptedException.class));
        waiter.start();
        waiter.interrupt();
        assertThat(waiter.join(Duration.ofSeconds(10))).isTrue();
        assertThat(ProcessHandle.of(controller.status().pid().orElseThrow())).isPresent();
    }

    @Test
    void refusesWhatItCannotRunAndSaysWhy() {
        assertRefused(task(), "osmia/host: no command");
        assertRefused(task("no-such-command"), "osmia/host: command 'no-such-command' is not in PATH");
        assertRefused(task("/etc/passwd"), "osmia/host: command '/etc/passwd' may not be executed");
        assertRefused(task(List.of("true"), List.of("NOVALUE")), "environment entry 'NOVALUE' is not NAME=value");
        assertRefused(withStopSignal(task("true"), "SIGNOTHING"), "stop signal 'SIGNOTHING' is unknown");
        assertRefused(withUser(task("true"), "nobody"), "user 'nobody' is not allowed on this node");
    }

    @Test
    void runsAsAnotherUserWhenAllowed() throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        executor.detach();
        executor = allowing("nobody");
        ExecutorTask task = withUser(task("sh", "-c", "id -un; touch here && echo mine"), "nobody");
        assertThat(started(task).await().code()).hasValue(0);
        assertThat(output(task)).containsExactly("nobody", "mine");
    }

    @Test
    void resourceLimitsAreSet() throws Exception {
        ExecutorTask plain = task("sh", "-c", "ulimit -n; ulimit -H -n");
        ExecutorTask task = plain.with(
                plain.workload().toBuilder().ulimits(List.of(new Ulimit("nofile", 100, 200))).build());
        started(task).await();
        assertThat(output(task)).containsExactly("100", "200");

        ExecutorTask unknown = plain.with(
                plain.workload().toBuilder().ulimits(List.of(new Ulimit("no;such", 1, 1))).build());
        assertRefused(unknown, "resource limit 'no;such' is unknown");
    }

    @Test
    void isolatedIsRefusedWithTheReasonWhereItIsNotPossible() throws Exception {
        Settings isolated = Settings.DEFAULT.in(Settings.Mode.ISOLATED);
        assertThat(Isolation.objection(false, Cgroups.detect(root))).isEqualTo("the node does not run as root");
        assertThat(Isolation.objection(true, Cgroups.detect(root))).isNotEmpty();
        String objection = Isolation.objection(
                System.getProperty("user.name").equals("root"), Cgroups.detect(Path.of("/sys/fs/cgroup")));
        ProcessExecutor other = new ProcessExecutor(isolated, "1.0.0", root.resolve("other"), List.of());
        assertThat(other.describe().available()).isEqualTo(objection.isEmpty());
        assertThat(other.describe().message()).endsWith(objection);
        assertThat(executor.describe().labels()).containsEntry("osmia.process.mode", "plain");
        other.detach();
    }

    @Test
    void aMemoryLimitIsEnforced() throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "needs root for control groups");
        ExecutorTask plain = task("sh", "-c", "x=$(head -c 200000000 /dev/zero | tr '\\0' a); echo ${#x}");
        ExecutorTask task = plain.with(
                TaskResources.limitedTo(new ResourceAmounts(0, 32L << 20, Map.of(), Map.of())));
        assertThat(started(task).await().code()).isNotEqualTo(java.util.OptionalInt.of(0));
        assertThat(output(task)).doesNotContain("200000000");
    }

    @Test
    void outputIsReadFromTheEndAndFollowed() throws Exception {
        ExecutorTask task = task("sh", "-c", "for i in 1 2 3 4 5; do echo line $i; done; echo oops >&2; printf open");
        started(task).await();
        assertThat(lines(task, 2)).containsExactly("line 5", "open", "!oops");
        assertThat(lines(task, 0)).isEmpty();

        ExecutorTask slow = task("sh", "-c", "echo one; sleep 0.3; echo two");
        started(slow);
        List<String> followed = new ArrayList<>();
        executor.read(executor.handle(slow, ""), OutputRequest.ALL.following(),
                line -> followed.add(new String(line.data(), StandardCharsets.UTF_8)));
        assertThat(followed).containsExactly("one", "two");
    }

    private TaskController started(ExecutorTask task) throws Exception {
        TaskController controller = executor.controller(task, executor.handle(task, "digest"));
        controllers.add(controller);
        controller.prepare();
        controller.start();
        return controller;
    }

    private static CompletableFuture<TaskExit> async(TaskController controller) {
        CompletableFuture<TaskExit> exit = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                exit.complete(controller.await());
            } catch (ExecutorException | InterruptedException e) {
                exit.completeExceptionally(e);
            }
        });
        return exit;
    }

    private void assertRefused(ExecutorTask task, String message) {
        assertThatThrownBy(() -> started(task))
                .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isFalse())
                .hasMessageContaining(message);
    }

    private List<String> output(ExecutorTask task) throws Exception {
        return lines(task, -1).stream().filter(line -> !line.startsWith("!")).toList();
    }

    private List<String> lines(ExecutorTask task, int tail) throws Exception {
        List<String> lines = new ArrayList<>();
        executor.read(executor.handle(task, ""), OutputRequest.ALL.last(tail),
                line -> lines.add((line.stderr() ? "!" : "") + new String(line.data(), StandardCharsets.UTF_8)));
        return lines;
    }

    private List<ProcFs.Identity> membersOf(ExecutorTask task) throws Exception {
        return new ProcessTree(Cgroups.detect(Path.of("/sys/fs/cgroup"))).members(task.id(), ProcFs.NOBODY);
    }

    static ExecutorTask task(String... command) {
        return task(List.of(command), List.of());
    }

    private static ExecutorTask task(List<String> command, List<String> env) {
        String id = "task%05dx%d".formatted(++counter, ProcessHandle.current().pid());
        Workload workload = Workload.builder("docker.io/osmia/host:latest")
                .command(command)
                .env(env)
                .stopGracePeriod(Duration.ofMillis(500))
                .build();
        return new ExecutorTask(
                id, "web.3." + id, "s1", "web", "node1", 3, Map.of(), Map.of(), workload, TaskResources.NONE, List.of(),
                Driver.NONE);
    }

    /** One that ends when it gets that signal: so its grace may be long. */
    static ExecutorTask withStopSignal(ExecutorTask task, String signal) {
        return task.with(task.workload().toBuilder()
                .stopSignal(signal)
                .stopGracePeriod(Duration.ofSeconds(30))
                .build());
    }

    static ExecutorTask withUser(ExecutorTask task, String user) {
        return task.with(task.workload().toBuilder().user(user).build());
    }
}
