package io.osmia.tck;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskHandle;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is on the machine, whether or not anybody wrote it down. */
interface ListingTck extends Suite {

    @Test
    default void whatWasStartedAndNotJournalledIsFound() throws Exception {
        ExecutorTask prepared = bench().task(Program.runs());
        ExecutorTask running = bench().task(Program.runs());
        ExecutorTask ended = bench().task(Program.exits(0));
        bench().prepared(prepared);
        bench().started(running);
        bench().started(ended).await();
        bench().swap();
        assertThat(bench().listed()).contains(prepared.id(), running.id(), ended.id()).doesNotHaveDuplicates();
        assertThat(bench().executor().recover(listed(prepared))).isEqualTo(new Recovery.Prepared());
        assertThat(bench().executor().recover(listed(running))).isEqualTo(new Recovery.Running());
        assertThat(bench().executor().recover(listed(ended))).isInstanceOf(Recovery.Exited.class);
        for (ExecutorTask task : List.of(prepared, running, ended)) {
            TaskController controller = bench().executor().controller(task, listed(task));
            controller.remove();
        }
        assertThat(bench().listed()).doesNotContain(prepared.id(), running.id(), ended.id());
    }

    @Test
    default void twoNodesDoNotSeeEachOthersWorkloads() throws Exception {
        bench().need(Feature.SEVERAL_NODES);
        Executor other = bench().open(Bench.OTHER_NODE);
        ExecutorTask ours = bench().task(Program.runs());
        ExecutorTask theirs = bench().task(tck().workload(Program.runs().words()), Bench.OTHER_NODE);
        bench().started(ours);
        TaskController controller = other.controller(theirs, other.handle(theirs, ""));
        controller.prepare();
        controller.start();
        assertThat(bench().listed()).contains(ours.id()).doesNotContain(theirs.id());
        assertThat(other.list(Bench.OTHER_NODE)).extracting(TaskHandle::taskId)
                .contains(theirs.id()).doesNotContain(ours.id());
        controller.remove();
        assertThat(other.list(Bench.OTHER_NODE)).extracting(TaskHandle::taskId).doesNotContain(theirs.id());
        assertThat(bench().executor().recover(bench().handle(ours))).isEqualTo(new Recovery.Running());
    }

    private TaskHandle listed(ExecutorTask task) throws Exception {
        return bench().executor().list(Bench.NODE).stream()
                .filter(handle -> handle.taskId().equals(task.id()))
                .findFirst()
                .orElseThrow();
    }
}
