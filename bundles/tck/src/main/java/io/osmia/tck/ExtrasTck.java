package io.osmia.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.TaskExec;
import io.osmia.api.executor.TaskExec.ExecRequest;
import io.osmia.api.executor.TaskSignals;
import io.osmia.api.executor.TaskStatistics;
import io.osmia.api.executor.TaskStatistics.Usage;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The optional interfaces, as far as they are not left out. */
interface ExtrasTck extends Suite {

    @Test
    default void whatAWorkloadUsesIsKnown() throws Exception {
        bench().need(Feature.STATISTICS);
        TaskStatistics statistics = (TaskStatistics) bench().executor();
        ExecutorTask task = bench().task(Program.runs());
        var handle = bench().handle(task);
        var controller = bench().ready(task);
        Usage usage = Deadline.until(
                bench().patience(), "its memory is known", () -> statistics.usage(handle),
                seen -> seen.memoryBytes().orElse(0) > 0);
        assertThat(usage.cpuNanos()).isPresent();
        assertThat(usage.pids().orElse(0)).isPositive();
        controller.terminate();
        assertThatThrownBy(() -> statistics.usage(handle))
                .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isFalse());
    }

    @Test
    default void signalsReachTheWorkload() throws Exception {
        bench().need(Feature.SIGNALS);
        TaskSignals signals = (TaskSignals) bench().executor();
        ExecutorTask task = bench().task(Program.answersUsr1());
        var handle = bench().handle(task);
        var controller = bench().ready(task);
        signals.signal(handle, "SIGUSR1");
        Deadline.until(bench().patience(), "one answer", () -> answers(task), seen -> seen == 1);
        signals.signal(handle, "USR1");
        Deadline.until(bench().patience(), "two answers", () -> answers(task), seen -> seen == 2);
        assertThatThrownBy(() -> signals.signal(handle, "SIGNOTHING; reboot"))
                .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isFalse());
        controller.terminate();
        assertThatThrownBy(() -> signals.signal(handle, "SIGUSR1"))
                .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isFalse());
    }

    private int answers(ExecutorTask task) throws Exception {
        return Collections.frequency(bench().text(task), "got");
    }

    @Test
    default void furtherProgramsRunBesideTheWorkload() throws Exception {
        bench().need(Feature.EXEC);
        TaskExec exec = (TaskExec) bench().executor();
        ExecutorTask task = bench().task(Program.runs());
        var handle = bench().handle(task);
        var controller = bench().ready(task);
        ExecRequest request = new ExecRequest(
                List.of("sh", "-c", "read x; echo \"got $x\"; echo \"$TCK\" >&2; exit 7", "tck-exec"),
                List.of("TCK=it's; reboot"), "", "", false, true, 0, 0);
        try (TaskExec.Session session = exec.exec(handle, request)) {
            session.stdin().write("a word\n".getBytes(UTF_8));
            session.stdin().close();
            assertThat(Call.of(() -> session.stdout().readAllBytes()).value(bench().patience()))
                    .asString(UTF_8).isEqualTo("got a word\n");
            assertThat(Call.of(() -> session.stderr().readAllBytes()).value(bench().patience()))
                    .asString(UTF_8).isEqualTo("it's; reboot\n");
            assertThat(Call.of(session::await).value(bench().patience())).isEqualTo(7);
        }
        controller.terminate();
        assertThatThrownBy(() -> exec.exec(handle, request).close())
                .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isFalse());
    }
}
