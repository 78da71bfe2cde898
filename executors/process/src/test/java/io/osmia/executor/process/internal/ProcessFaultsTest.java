package io.osmia.executor.process.internal;

import static io.osmia.executor.process.internal.ProcessExecutorTest.task;
import static io.osmia.executor.process.internal.ProcessExecutorTest.withStopSignal;
import static io.osmia.executor.process.internal.ProcessExecutorTest.withUser;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What may go wrong on a machine: real processes again. */
@Timeout(60)
class ProcessFaultsTest {

    @TempDir
    Path root;

    private ProcessExecutor executor;
    private TaskFiles files;
    private final List<TaskController> controllers = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        executor =
                new ProcessExecutor(Settings.DEFAULT.allowing("nobody"), "1.0.0", root.resolve("process"), List.of());
        files = new TaskFiles(root.resolve("process"));
    }

    @AfterEach
    void removeAll() throws Exception {
        for (TaskController controller : controllers) {
            controller.remove();
        }
        executor.detach();
    }

    @Test
    void noSignalIsIgnoredByTheProcessBecauseOfWhoStartedIt() throws Exception {
        ExecutorTask interrupted = withStopSignal(task("sleep", "60"), "SIGINT");
        TaskController controller = started(interrupted);
        controller.shutdown();
        assertThat(controller.await().code()).hasValue(130);

        ExecutorTask task = task("grep", "SigIgn", "/proc/self/status");
        started(task).await();
        String ignored = output(task).getFirst().substring("SigIgn:\t".length());
        assertThat(Long.parseUnsignedLong(ignored, 16) & 0x7fff_ffffL).isZero();
    }

    @Test
    void aTaskThatCouldNotSayWhoItIsIsNeverStartedASecondTime() throws Exception {
        ExecutorTask task = task("sh", "-c", "echo started");
        controller(task).prepare();
        TaskController controller = controller(task);
        Files.createFile(files.runFolder().resolve(task.id()));

        controller.start();

        assertUnknown(controller.await());
        assertThat(executor.recover(executor.handle(task, "")))
                .isInstanceOfSatisfying(Recovery.Exited.class, exited -> assertUnknown(exited.exit()));
        assertThat(output(task)).isEmpty();
    }

    @Test
    void aDamagedExitFileIsAnUnknownStatus() throws Exception {
        ExecutorTask task = task("true");
        started(task).await();
        Files.write(files.exitFolder().resolve(task.id()), new byte[0]);

        assertThat(executor.recover(executor.handle(task, "")))
                .isInstanceOfSatisfying(Recovery.Exited.class, exited -> assertUnknown(exited.exit()));
    }

    @Test
    void somebodyElseWhoHasTheProcessIdNowIsLeftAlone() throws Exception {
        ExecutorTask task = task("true");
        TaskController controller = started(task);
        controller.await();
        Process stranger = new ProcessBuilder("setsid", "--wait", "sleep", "60").start();
        try {
            long leader = stranger.children().findFirst().map(ProcessHandle::pid).orElse(stranger.pid());
            Files.delete(files.folder(task.id()).resolve("ended"));
            Files.writeString(
                    files.runFolder().resolve(task.id()),
                    "supervisor=1 1\nprocess=%d 1\nboot=%s\nwhole\n".formatted(leader, ProcFs.bootId()));

            controller.remove();

            assertThat(stranger.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
        } finally {
            stranger.descendants().forEach(ProcessHandle::destroyForcibly);
            stranger.destroyForcibly();
        }
    }

    @Test
    void aTaskOfAnotherUserHasItsFolderAndItsOutputAndNothingOfOthers() throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        ExecutorTask task = withUser(
                task("sh", "-c",
                        "echo x >f && pwd >/dev/null && echo out >/dev/stdout; ls .. ../.. ../../.. 2>/dev/null"
                                + " || echo closed"),
                "nobody");
        started(task).await();
        assertThat(output(task)).containsExactly("out", "closed");
    }

    @Test
    void aLineWithoutEndIsReadInPieces() throws Exception {
        ExecutorTask task = task("head", "-c", "200000", "/dev/zero");
        started(task).await();
        assertThat(output(task)).hasSizeGreaterThan(3).allMatch(piece -> piece.length() <= 65536);
        assertThat(output(task).stream().mapToInt(String::length).sum()).isEqualTo(200_000);
    }

    @Test
    void aWordThatLinuxDoesNotTakeIsRefusedForGood() {
        assertThatThrownBy(() -> started(task("echo", "x".repeat(200_000))))
                .hasMessageContaining("osmia/host: command is longer than Linux lets one argument or entry be");
    }

    private static void assertUnknown(TaskExit exit) {
        assertThat(exit.code()).isEmpty();
        assertThat(exit.message()).isEqualTo("exit status unknown");
    }

    private TaskController controller(ExecutorTask task) throws Exception {
        TaskController controller = executor.controller(task, executor.handle(task, "digest"));
        controllers.add(controller);
        return controller;
    }

    @Test
    void whileItsFolderIsAwayNobodySaysThatAProcessIsGone() throws Exception {
        ExecutorTask task = task("sleep", "60");
        TaskController controller = started(task);
        var handle = executor.handle(task, "");
        Path away = root.resolve("away");
        Files.move(root.resolve("process"), away);
        assertThat(executor.recover(handle)).isInstanceOf(Recovery.Unknown.class);
        assertThatThrownBy(() -> executor.list("node1")).isInstanceOfSatisfying(
                ExecutorException.class, e -> assertThat(e.temporary()).isTrue());
        Files.move(away, root.resolve("process"));
        assertThat(executor.recover(handle)).isEqualTo(new Recovery.Running());
        controller.terminate();
    }

    private TaskController started(ExecutorTask task) throws Exception {
        TaskController controller = controller(task);
        controller.prepare();
        controller.start();
        return controller;
    }

    private List<String> output(ExecutorTask task) throws Exception {
        return Output.of(executor, task);
    }
}
