package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.UpdateStatus;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code --wait}, on a clock that only its pauses move. */
class WaitTest {

    private Cli cli;
    private final Service web = Samples.service("web1id", "web", 1);

    @BeforeEach
    void fillNode() throws IOException {
        cli = new Cli();
        cli.control.services.add(web);
    }

    @AfterEach
    void close() throws Exception {
        cli.close();
    }

    private Cli.Result update(String... more) {
        String[] words = {"service", "update", "web", "--force", "--wait", "--timeout", "10s"};
        String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return cli.run(all);
    }

    @Test
    void returnsWhenAllTasksRun() {
        cli.meanwhile = () -> {
            if (cli.now().getEpochSecond() >= Cli.NOW + 3 && cli.control.tasks.isEmpty()) {
                cli.control.tasks.add(Samples.task("t1", web, 1, TaskState.RUNNING));
            }
        };
        assertThat(update().code()).isZero();
        // and have run for a second
        assertThat(cli.now().getEpochSecond()).isEqualTo(Cli.NOW + 4);
    }

    @Test
    void aTaskThatRunsForAMomentAgainAndAgainHasNotConverged() {
        AtomicInteger tries = new AtomicInteger();
        cli.meanwhile = () -> {
            cli.control.tasks.clear();
            cli.control.tasks.add(Samples.task("t" + tries.getAndIncrement() / 5, web, 1, TaskState.RUNNING));
        };
        assertThat(update().code()).isEqualTo(4);
    }

    @Test
    void aServiceWhoseTasksHaveEndedForGoodIsRefusedAtOnceWithTheReason() {
        Task ended = Samples.failing(Samples.task("t1", web, 1, TaskState.REJECTED), "command 'x' does not exist")
                .toBuilder()
                .setDesiredState(TaskState.SHUTDOWN)
                .build();
        cli.control.tasks.add(ended);
        Cli.Result result = update();
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .contains("web has ended and its restart policy starts no other task: web.1 (REJECTED: command 'x'");
        assertThat(cli.now().getEpochSecond()).isEqualTo(Cli.NOW + 2);
    }

    @Test
    void doesNotTakeTasksOfTheOldSpecificationForNewOnes() {
        cli.control.tasks.add(Samples.task("t1", web, 1, TaskState.RUNNING));
        cli.control.outdated.add("t1");
        Cli.Result result = update();
        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("web.1 (old specification");
    }

    @Test
    void waitsForATaskThatScalingDownLeavesOver() {
        cli.control.tasks.add(Samples.task("t1", web, 1, TaskState.RUNNING));
        cli.control.tasks.add(Samples.task("t2", web, 2, TaskState.RUNNING));
        assertThat(update().code()).isEqualTo(4);
    }

    @Test
    void waitsForAnUpdateToEnd() {
        cli.control.tasks.add(Samples.task("t1", web, 1, TaskState.RUNNING));
        cli.control.services.set(0, withStatus(UpdateStatus.UpdateState.UPDATING));
        cli.meanwhile = () -> cli.control.services.set(0, withStatus(UpdateStatus.UpdateState.COMPLETED));
        assertThat(update().code()).isZero();
        assertThat(cli.now().getEpochSecond()).isEqualTo(Cli.NOW + 1);
    }

    @Test
    void tellsWhoIsMissingAndWhyWhenTimeIsOver() {
        cli.control.tasks.add(
                Samples.failing(Samples.task("t1", web, 1, TaskState.PENDING), "no suitable node (1 node full)"));
        Cli.Result result = update();
        assertThat(result.code()).isEqualTo(4);
        assertThat(result.out()).isEqualTo("web1id\n");
        assertThat(result.err())
                .isEqualTo("osmia: service web has not converged after 10 s: 0 of 1 tasks run; missing: web.1 "
                        + "(PENDING: no suitable node (1 node full)); see 'osmia service ps --all web'\n");
    }

    @Test
    void aPausedUpdateIsCodeFive() {
        cli.control.services.set(0, withStatus(UpdateStatus.UpdateState.PAUSED));
        Cli.Result result = update();
        assertThat(result.code()).isEqualTo(5);
        assertThat(result.err()).contains("update of service web paused: because");
    }

    @Test
    void aRollbackIsCodeFive() {
        cli.control.services.set(0, withStatus(UpdateStatus.UpdateState.ROLLBACK_COMPLETED));
        assertThat(update().code()).isEqualTo(5);
    }

    @Test
    void withoutWaitNothingIsWaitedFor() {
        assertThat(cli.run("service", "update", "web", "--force").code()).isZero();
        assertThat(cli.now().getEpochSecond()).isEqualTo(Cli.NOW);
    }

    @Test
    void aBadTimeoutIsWrongUsageBeforeAnythingIsChanged() {
        assertThat(cli.run("service", "update", "web", "--force", "--wait", "--timeout", "soon").code()).isEqualTo(2);
        assertThat(cli.control.changes).isEmpty();
    }

    private Service withStatus(UpdateStatus.UpdateState state) {
        return web.toBuilder()
                .setUpdateStatus(UpdateStatus.newBuilder().setState(state).setMessage("because"))
                .build();
    }
}
