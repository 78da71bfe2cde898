package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.RemoveServiceRequest;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Quickstart with a real process that stands for the node: a script that sleeps, or ends. What it would serve is served
 * by a fake on the socket where the node's would be.
 */
class QuickstartTest {

    private Cli cli;
    private Path state;

    @BeforeEach
    void prepare() throws IOException {
        cli = new Cli();
        cli.meanwhile = QuickstartTest::letTimePass;
        state = cli.folder().resolve("deep/state");
        cli.home = cli.folder().toString();
        launcher("exec sleep 600");
    }

    @AfterEach
    void endAll() throws Exception {
        run("--stop");
        cli.close();
    }

    private void launcher(String line) throws IOException {
        Path launcher = cli.folder().resolve("bin/osmia");
        Files.createDirectories(launcher.getParent());
        Files.writeString(launcher, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    }

    private Cli.Result run(String... more) {
        String[] words = new String[more.length + 3];
        words[0] = "quickstart";
        words[1] = "--state-dir";
        words[2] = state.toString();
        System.arraycopy(more, 0, words, 3, more.length);
        return cli.run(words);
    }

    /** The node begins to answer while quickstart waits, and starts what it is told to. */
    private void answerSoon() {
        cli.meanwhile = () -> {
            letTimePass();
            try {
                Path socket = state.resolve("osmia.sock");
                if (!Files.exists(socket)) {
                    Files.createSymbolicLink(socket, cli.socket());
                    cli.control.nodes.add(Samples.node("node1id", "one", NodeStatus.State.READY));
                } else if (cli.control.tasks.isEmpty() && !cli.control.services.isEmpty()) {
                    Service hello = cli.control.services.getFirst();
                    for (int slot = 1; slot <= 3; slot++) {
                        cli.control.tasks.add(Samples.task("task" + slot, hello, slot, TaskState.RUNNING));
                    }
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** A pause of a command moves its clock alone, and real processes need time. */
    private static void letTimePass() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }

    private ProcessHandle node() throws IOException {
        String pid = Files.readString(state.resolve("quickstart.pid")).split(" ")[0];
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    @Test
    void startsANodeAndShowsItsTasksAndWhatToDoNext() throws IOException {
        answerSoon();
        Cli.Result result = run();
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).contains("task1  hello.1  RUNNING        RUNNING 31 seconds ago  one");
        List<String> commands = result.out().lines().filter(line -> line.contains("--socket")).toList();
        assertThat(commands).hasSize(3)
                .allMatch(line -> line.startsWith("  " + cli.folder() + "/bin/osmia --socket " + state));
        assertThat(node().isAlive()).isTrue();
        assertThat(cli.control.services.getFirst().getSpec().getReplicated().getReplicas()).isEqualTo(3);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state))).isEqualTo("rwx------");
    }

    @Test
    void aSecondTimeChangesNothing() throws IOException {
        answerSoon();
        run();
        long pid = node().pid();
        Cli.Result again = run();
        assertThat(again.code()).isZero();
        assertThat(again.out()).startsWith("A node is already running in " + state);
        assertThat(node().pid()).isEqualTo(pid);
        assertThat(cli.control.changes).hasSize(1);
    }

    @Test
    void aNodeThatWasKilledIsStartedAgain() throws Exception {
        answerSoon();
        run();
        ProcessHandle first = node();
        first.destroyForcibly();
        first.onExit().get(30, TimeUnit.SECONDS);
        Cli.Result again = run();
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).contains("Starting a node");
        assertThat(node().pid()).isNotEqualTo(first.pid());
        assertThat(cli.control.changes).hasSize(1);
    }

    @Test
    void stopEndsTheNodeAndLeavesNothing() throws Exception {
        answerSoon();
        run();
        ProcessHandle node = node();
        Cli.Result stopped = run("--stop");
        assertThat(stopped.code()).as(stopped.err()).isZero();
        assertThat(node.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
        assertThat(cli.control.changes.getLast()).isInstanceOf(RemoveServiceRequest.class);
        assertThat(cli.folder().resolve("deep")).doesNotExist();
        assertThat(run("--stop")).isEqualTo(new Cli.Result(0, "Nothing to stop: there is no " + state + ".\n", ""));
    }

    @Test
    void stopEndsProcessesThatAKilledNodeLeft() throws Exception {
        answerSoon();
        run();
        Files.createDirectories(state.resolve("worker/process/tasks/left1task"));
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "trap '' TERM; while :; do sleep 1; done");
        builder.environment().put("OSMIA_TASK_ID", "left1task");
        Process left = builder.start();
        node().destroyForcibly();
        assertThat(run("--stop").code()).isZero();
        assertThat(left.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(state).doesNotExist();
    }

    @Test
    void aNodeThatEndsShowsTheLastErrorOfItsLog() throws IOException {
        launcher("echo '2026 SEVERE  node: port is taken'; printf '\\tat somewhere\\n'; echo '2026 INFO bye'");
        Cli.Result result = run();
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("osmia: the node ended: 2026 SEVERE  node: port is taken (its log: ");
    }

    @Test
    void aDirectoryOfSomeoneElseIsLeftAlone() throws IOException {
        Files.createDirectories(state);
        Files.writeString(state.resolve("mine"), "x");
        assertThat(run().code()).isEqualTo(1);
        assertThat(run().err()).contains("was not made by quickstart");
        assertThat(run("--stop").code()).isEqualTo(1);
        assertThat(state.resolve("mine")).hasContent("x");
        assertThat(state).isDirectoryNotContaining(file -> !file.endsWith("mine"));
    }

    @Test
    void aPathThatIsTooLongForItsSocketIsRefusedAtOnce() {
        state = cli.folder().resolve("x".repeat(100));
        Cli.Result result = run();
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("a unix socket takes 107");
        assertThat(state).doesNotExist();
    }

    @Test
    void withoutAnInstallationNothingIsMade() {
        cli.home = "";
        assertThat(run().err()).contains("needs an installation");
        assertThat(state).doesNotExist();
    }
}
