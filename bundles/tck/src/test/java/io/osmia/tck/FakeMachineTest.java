package io.osmia.tck;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.Driver;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Port;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskResources;
import io.osmia.api.executor.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Calls that overlap, on purpose. */
class FakeMachineTest {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final int MANY = 20;
    private static final Port PORT = new Port("web", Port.Protocol.TCP, 8080, 7000);

    private final FakeMachine machine = new FakeMachine();
    private final FakeExecutor executor = new FakeExecutor(machine, "1.0.0");

    private static ExecutorTask task(String id) {
        return new ExecutorTask(id, "web.1." + id, "service", "web", "node", 1, Map.of(), Map.of(),
                Workload.builder(FakeExecutor.IMAGE).command(List.of("sleep", "1000")).build(),
                TaskResources.NONE, List.of(), Driver.NONE);
    }

    private TaskController prepared(ExecutorTask task) throws Exception {
        TaskController controller = executor.controller(task, executor.handle(task, ""));
        controller.prepare();
        return controller;
    }

    @Test
    void aStartThatBeganBeforeAShutdownStartsNothingAfterIt() throws Exception {
        ExecutorTask task = task("t");
        TaskController controller = prepared(task);
        machine.hang("start");
        Call<Boolean> start = Call.of((Call.Verb) controller::start);
        machine.awaitVerb("start t", 1);
        controller.shutdown();
        machine.release("start");
        assertThat(start.failure(BOUND)).isInstanceOf(ExecutorException.class);
        assertThat(executor.recover(executor.handle(task, ""))).isEqualTo(new Recovery.Prepared());
    }

    @Test
    void whatIsRemovedIsNotWaitedForAnyMore() throws Exception {
        List<TaskController> controllers = new ArrayList<>();
        List<Call<?>> waiting = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            TaskController controller = prepared(task("t" + i));
            controllers.add(controller);
            waiting.add(Call.of(controller::await));
        }
        for (int i = 0; i < MANY; i++) {
            machine.awaitVerb("await t" + i, 1);
            controllers.get(i).remove();
        }
        for (Call<?> await : waiting) {
            assertThat(await.failure(BOUND)).isInstanceOfSatisfying(
                    ExecutorException.class, e -> assertThat(e.temporary()).isFalse());
        }
    }

    @Test
    void ofManyThatWantOnePortOneGetsIt() throws Exception {
        for (int round = 0; round < MANY; round++) {
            CountDownLatch go = new CountDownLatch(1);
            List<TaskController> controllers = new ArrayList<>();
            List<Call<Boolean>> starts = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                TaskController controller = prepared(task("r" + round + "t" + i).with(List.of(PORT)));
                controllers.add(controller);
                starts.add(Call.of(() -> {
                    go.await();
                    try {
                        controller.start();
                        return true;
                    } catch (ExecutorException e) {
                        return false;
                    }
                }));
            }
            go.countDown();
            int started = 0;
            for (Call<Boolean> start : starts) {
                started += start.value(BOUND) ? 1 : 0;
            }
            assertThat(started).isEqualTo(1);
            for (TaskController controller : controllers) {
                controller.remove();
            }
        }
    }
}
