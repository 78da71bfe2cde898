package io.osmia.executor.process.internal;

import static io.osmia.executor.process.internal.ProcessExecutorTest.task;
import static io.osmia.executor.process.internal.ProcessExecutorTest.withUser;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Mount;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import io.osmia.api.executor.Workload.Ulimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to isolated processes, with the machine's runc and conmon. */
@Timeout(60)
class IsolatedTest {

    private static final Settings ISOLATED =
            Settings.DEFAULT.in(Settings.Mode.ISOLATED).allowing("nobody").keeping(256 * 1024);

    @TempDir
    Path root;

    private ProcessExecutor executor;
    private final List<TaskController> controllers = new ArrayList<>();

    @BeforeAll
    static void needsRuncAndConmon() {
        Isolating.required();
    }

    @BeforeEach
    void open() throws IOException {
        executor = open(ISOLATED);
    }

    private ProcessExecutor open(Settings settings) throws IOException {
        return new ProcessExecutor(settings, "1.0.0", root.resolve("process"),
                List.of(root.resolve("secret").toString()));
    }

    @AfterEach
    void removeAll() throws Exception {
        for (TaskController controller : controllers) {
            controller.remove();
        }
        executor.detach();
    }

    @Test
    void itSeesItsOwnProcessesAndFilesAlone() throws Exception {
        Files.createDirectories(root.resolve("secret"));
        Files.writeString(root.resolve("secret/key"), "secret\n");
        Path written = root.resolve("written");
        ExecutorTask task = task("sh", "-c", "echo pid $$; hostname; echo x >" + written + " && cat " + written
                + "; ls " + root.resolve("secret") + " | wc -l; cat /proc/sys/kernel/hostname >/dev/null;"
                + " mount -t tmpfs none /mnt 2>/dev/null || echo no mount; ls /dev | grep -c sda");
        ExecutorTask named = task.with(task.workload().toBuilder().hostname("inside").build());

        started(named).await();

        assertThat(output(named)).containsExactly("pid 1", "inside", "x", "0", "no mount", "0");
        assertThat(written).doesNotExist();
    }

    @Test
    void userGroupsLimitsAndMountsAreThoseOfTheTask() throws Exception {
        Path folder = Files.createDirectories(root.resolve("it's data"));
        Files.writeString(folder.resolve("file"), "from the host\n");
        ExecutorTask plain = withUser(
                task("sh", "-c", "id -un; id -G; ulimit -n; cat '/some data/file'; touch '/some data/x' 2>/dev/null"
                        + " || echo read only; df -k /scratch | tail -n 1 | awk '{print $2}'; touch /x || echo closed;"
                        + " grep NoNewPrivs /proc/self/status | tr -d '\\t'"),
                "nobody");
        ExecutorTask task = plain.with(plain.workload().toBuilder()
                .groups(List.of("1234"))
                .readOnly(true)
                .ulimits(List.of(new Ulimit("nofile", 100, 200)))
                .mounts(List.of(
                        Mount.bind(folder.toString(), "/some data", true),
                        Mount.tmpfs("/scratch", new Mount.Tmpfs(1 << 20, 0777, ""))))
                .build());

        started(task).await();

        List<String> lines = output(task);
        assertThat(lines.getFirst()).isEqualTo("nobody");
        assertThat(lines.get(1)).contains("1234");
        assertThat(lines.subList(2, 7)).containsExactly("100", "from the host", "read only", "1024", "closed");
    }

    @Test
    void noSignalIsIgnoredBecauseOfWhoStartedIt() throws Exception {
        ExecutorTask task = task("grep", "SigIgn", "/proc/self/status");
        started(task).await();
        String ignored = output(task).getFirst().substring("SigIgn:\t".length());
        assertThat(Long.parseUnsignedLong(ignored, 16) & 0x7fff_ffffL).isZero();
    }

    @Test
    void aKilledConmonLeavesNoCodeAndItsTreeIsEnded() throws Exception {
        ExecutorTask task = task("sh", "-c", "sleep 60 & wait");
        TaskController controller = started(task);
        TaskFiles.Run run = new TaskFiles(root.resolve("process")).run(task.id()).orElseThrow();

        Signals.send(run.supervisor(), Signals.KILL);

        TaskExit exit = controller.await();
        assertThat(exit.code()).isEmpty();
        assertThat(run.process().alive()).isFalse();
    }

    @Test
    void tasksKeepTheirKindWhenTheSettingChanges() throws Exception {
        ExecutorTask isolated = task("sleep", "60");
        started(isolated);
        executor.detach();
        executor = open(ISOLATED.in(Settings.Mode.PLAIN));
        ExecutorTask plain = task("sh", "-c", "echo pid $$; sleep 60");
        started(plain);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !output(plain).isEmpty());
        executor.detach();
        executor = open(ISOLATED);

        for (ExecutorTask task : List.of(isolated, plain)) {
            assertThat(executor.recover(executor.handle(task, ""))).isEqualTo(new Recovery.Running());
            TaskController controller = executor.controller(task, executor.handle(task, ""));
            controller.terminate();
            assertThat(controller.await().code()).hasValue(137);
        }
        assertThat(output(plain)).isNotEmpty().doesNotContain("pid 1");
    }

    @Test
    void oneThatWasMadeAndNotBegunIsBegunByTheNextStart() throws Exception {
        ExecutorTask task = task("sh", "-c", "echo once");
        TaskController controller = controller(task);
        controller.prepare();
        // The same script with a runc that dies on start: as if somebody had been killed just then.
        Path dying = root.resolve("dying-runc");
        Files.writeString(dying, "#!/bin/sh\n[ \"$3\" = start ] && exit 1\nexec runc \"$@\"\n");
        assertThat(dying.toFile().setExecutable(true)).isTrue();
        Process script = new ProcessBuilder("unshare", "--mount", "--propagation", "private", "sh",
                root.resolve("process/isolate.sh").toString(), task.id(), root.resolve("process").toString(),
                "/usr/bin/conmon", dying.toString()).inheritIO().start();
        assertThat(script.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(executor.recover(executor.handle(task, ""))).isEqualTo(new Recovery.Starting());

        controller.start();

        assertThat(controller.await().code()).hasValue(0);
        assertThat(output(task)).containsExactly("once");
    }

    @Test
    void whatRuncRefusesIsTold() throws Exception {
        ExecutorTask task = task("true");
        ExecutorTask wrong = task.with(task.workload().toBuilder().capabilityAdd(List.of("CAP_NO_SUCH_THING"))
                .sysctls(java.util.Map.of("kernel.no_such_thing", "1")).build());
        assertThatThrownBy(() -> started(wrong))
                .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isFalse())
                .hasMessageContaining("no_such_thing");
    }

    @Test
    void whatCannotBeHadIsRefusedAtOnce() {
        ExecutorTask task = task("true");
        assertThatThrownBy(() -> executor.handle(
                task.with(task.workload().toBuilder().mounts(List.of(Mount.volume("v", "/v", false))).build()), ""))
                .hasMessageContaining("needs a container engine");
        assertThatThrownBy(() -> executor.handle(
                task.with(task.workload().toBuilder().hostname("a b").build()), ""))
                .hasMessageContaining("host name 'a b' is not one");
    }

    @Test
    void anInitProcessIsThereWhenAskedFor() throws Exception {
        ExecutorTask plain = task("sh", "-c", "echo $$");
        ExecutorTask task = plain.with(plain.workload().toBuilder().init(Optional.of(true)).build());
        try {
            started(task).await();
        } catch (ExecutorException e) {
            assertThat(e).hasMessageContaining("tini");
            return;
        }
        assertThat(output(task)).isNotEmpty().doesNotContain("1");
    }

    @Test
    void itsOutputIsKeptWithinItsLimit() throws Exception {
        int lines = 12_000;
        ExecutorTask task = task("sh", "-c", "i=0; while [ $i -lt " + lines + " ]; do i=$((i+1)); echo line $i; done;"
                + " echo open >&2; sleep 3");
        started(task).await();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !output(task).getFirst().equals("line 1"));
        List<String> kept = output(task);
        assertThat(kept.getLast()).isEqualTo("line " + lines);
        assertThat(kept.getFirst()).isEqualTo("line " + (lines - kept.size() + 1));
    }

    private TaskController controller(ExecutorTask task) throws Exception {
        TaskController controller = executor.controller(task, executor.handle(task, "digest"));
        controllers.add(controller);
        return controller;
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
