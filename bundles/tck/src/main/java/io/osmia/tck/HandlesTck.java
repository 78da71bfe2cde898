package io.osmia.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Handles that are stale, old or damaged. */
interface HandlesTck extends Suite {

    @Test
    default void aHandleWhoseWorkloadIsGoneSaysSo() throws Exception {
        ExecutorTask task = bench().task(Program.runs());
        TaskHandle handle = bench().handle(task);
        bench().started(task).remove();
        bench().swap();
        assertThat(bench().executor().recover(handle)).isEqualTo(new Recovery.Gone());
        TaskController controller = bench().executor().controller(task, handle);
        assertThatThrownBy(controller::await).isInstanceOfSatisfying(
                ExecutorException.class, e -> assertThat(e.temporary()).as(e.getMessage()).isFalse());
        controller.shutdown();
        controller.terminate();
        controller.remove();
        assertThat(bench().executor().recover(handle)).isEqualTo(new Recovery.Gone());
    }

    @Test
    default void aHandleOfTheFormerVersionIsAsGood() throws Exception {
        bench().need(Feature.FORMER_HANDLES);
        ExecutorTask task = bench().task(Program.runs());
        TaskHandle former = tck().formerHandle(task, bench().handle(task)).orElseThrow();
        assertThat(bench().executor().describe().handleVersions()).contains(former.version());
        assertThat(bench().executor().recover(former)).isEqualTo(new Recovery.Gone());
        var before = bench().ready(task).status();
        bench().swap();
        assertThat(bench().executor().recover(former)).isEqualTo(new Recovery.Running());
        TaskController controller = bench().executor().controller(task, former);
        controller.start();
        assertThat(controller.status()).isEqualTo(before);
        controller.remove();
        assertThat(bench().executor().recover(former)).isEqualTo(new Recovery.Gone());
    }

    @Test
    default void aHandleThatCannotBeReadIsNeitherTrustedNorGone() throws Exception {
        ExecutorTask task = bench().task(Program.runs());
        TaskHandle good = bench().handle(task);
        bench().ready(task);
        byte[] garbage = "../../\n\0{\"a\":$(reboot)}\u00ff".getBytes(StandardCharsets.ISO_8859_1);
        for (TaskHandle bad : List.of(
                new TaskHandle(task.id(), good.specDigest(), good.executorKind(), good.version(), garbage),
                new TaskHandle(task.id(), good.specDigest(), good.executorKind(), good.version(), new byte[60_000]),
                new TaskHandle(task.id(), good.specDigest(), good.executorKind(), 9999, good.data()),
                new TaskHandle(task.id(), good.specDigest(), "somebody-else", good.version(), good.data()))) {
            assertThat(bench().executor().recover(bad)).as("%s", bad).isInstanceOf(Recovery.Unknown.class);
            assertThatThrownBy(() -> bench().executor().controller(task, bad)).as("%s", bad)
                    .isInstanceOfSatisfying(
                            ExecutorException.class, e -> assertThat(e.temporary()).as(e.getMessage()).isFalse());
        }
        assertThat(bench().executor().recover(good)).isEqualTo(new Recovery.Running());
    }
}
