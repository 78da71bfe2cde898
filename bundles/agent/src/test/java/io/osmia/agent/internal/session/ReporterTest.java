package io.osmia.agent.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("AGT-009 reporter")
class ReporterTest {

    private final AtomicInteger told = new AtomicInteger();
    private final Reporter reporter = new Reporter(told::incrementAndGet);

    private static TaskStatus status(TaskState state) {
        return TaskStatus.newBuilder().setState(state).build();
    }

    @Test
    void onlyTheNewestStatusOfATaskWaits() {
        reporter.report("a", status(TaskState.PREPARING));
        reporter.report("b", status(TaskState.READY));
        reporter.report("a", status(TaskState.RUNNING));
        reporter.report("a", status(TaskState.STARTING));
        assertThat(reporter.take())
                .containsExactly(Map.entry("a", status(TaskState.RUNNING)), Map.entry("b", status(TaskState.READY)));
        assertThat(reporter.take()).isEmpty();
        assertThat(told).hasValue(3);
    }

    @Test
    void whatDidNotArriveWaitsAgainUnlessSomethingNewerHasCome() {
        reporter.report("a", status(TaskState.STARTING));
        reporter.report("b", status(TaskState.STARTING));
        Map<String, TaskStatus> batch = reporter.take();
        reporter.report("a", status(TaskState.RUNNING));
        reporter.giveBack(batch);
        assertThat(reporter.take())
                .containsEntry("a", status(TaskState.RUNNING))
                .containsEntry("b", status(TaskState.STARTING));
    }

    @Test
    void whatDidNotArriveIsTakenFirst() {
        reporter.report("a", status(TaskState.STARTING));
        reporter.report("b", status(TaskState.STARTING));
        Map<String, TaskStatus> batch = reporter.take();
        reporter.report("c", status(TaskState.STARTING));
        reporter.giveBack(batch);
        assertThat(reporter.take(1)).containsOnlyKeys("a");
        assertThat(reporter.take(1)).containsOnlyKeys("b");
        assertThat(reporter.take()).containsOnlyKeys("c");
    }

    @Test
    void aTaskThatIsGoneBeforeItsReportFailedIsNotReportedAgain() {
        reporter.report("a", status(TaskState.RUNNING));
        reporter.report("b", status(TaskState.RUNNING));
        Map<String, TaskStatus> batch = reporter.take();
        reporter.forget("a");
        reporter.giveBack(batch);
        assertThat(reporter.take()).containsOnlyKeys("b");
    }

    @Test
    void aTaskThatIsGoneIsNotReported() {
        reporter.report("a", status(TaskState.RUNNING));
        reporter.forget("a");
        assertThat(reporter.take()).isEmpty();
    }
}
