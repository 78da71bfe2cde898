package io.osmia.tck;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskController.Status;
import io.osmia.api.executor.TaskExit;
import io.osmia.api.executor.TaskHandle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What another instance finds. */
interface RecoveryTck extends Suite {

    @Test
    default void aWorkloadThatRunsIsTakenOverAsItIs() throws Exception {
        ExecutorTask task = Bench.patient(bench().task(Program.runs()));
        Status before = bench().ready(task).status();
        bench().swap();
        assertThat(bench().executor().recover(bench().handle(task))).isEqualTo(new Recovery.Running());
        TaskController next = bench().controller(task);
        next.start();
        assertThat(next.status()).isEqualTo(before);
        Call<TaskExit> await = Call.of(next::await);
        next.shutdown();
        assertThat(await.value(Bench.AT_ONCE).code()).hasValue(143);
    }

    @Test
    default void aWorkloadThatIsPreparedIsStartedByTheNext() throws Exception {
        ExecutorTask task = bench().task(Program.exits(42));
        bench().prepared(task);
        bench().swap();
        assertThat(bench().executor().recover(bench().handle(task))).isEqualTo(new Recovery.Prepared());
        TaskController next = bench().controller(task);
        next.start();
        assertThat(next.await().code()).hasValue(42);
    }

    @Test
    default void anEndThatNobodySawIsKnownAfterwards() throws Exception {
        ExecutorTask task = bench().task(Program.runsFor(1, 42));
        TaskHandle handle = bench().handle(task);
        bench().started(task);
        bench().detach();
        Deadline.pass(java.time.Duration.ofSeconds(2));
        Recovery.Exited exited = (Recovery.Exited) Deadline.until(
                bench().patience(), "the end is known", () -> bench().executor().recover(handle),
                recovery -> recovery instanceof Recovery.Exited);
        assertThat(exited.exit().code()).hasValue(42);
        assertThat(bench().controller(task).await()).isEqualTo(exited.exit());
    }

    @Test
    default void manyAreTakenOverAtOnce() throws Exception {
        int many = tck().many();
        Map<String, Status> before = new ConcurrentHashMap<>();
        List<ExecutorTask> tasks = Stream.generate(() -> bench().task(Program.runs())).limit(many).toList();
        inParallel(tasks, task -> before.put(task.id(), bench().started(task).status()));
        bench().swap();
        Map<String, Recovery> found = new ConcurrentHashMap<>();
        inParallel(tasks, task -> found.put(task.id(), bench().executor().recover(bench().handle(task))));
        assertThat(found).hasSize(many).containsOnlyKeys(before.keySet());
        assertThat(new HashSet<>(found.values())).containsExactly(new Recovery.Running());
        assertThat(bench().listed()).containsAll(before.keySet());
        Map<String, Status> after = new ConcurrentHashMap<>();
        inParallel(tasks, task -> {
            TaskController controller = bench().controller(task);
            controller.start();
            after.put(task.id(), controller.status());
        });
        assertThat(after).isEqualTo(before);
    }

    @Test
    default void twentySwapsLeaveNothingBehind() throws Exception {
        ExecutorTask task = bench().task(Program.runs());
        Status before = bench().ready(task).status();
        swaps(task, 3);
        bench().detach();
        Set<String> threads = threads();
        long descriptors = descriptors();
        swaps(task, 20);
        // Whoever has not asked for it yet may need a moment to see it.
        Deadline.until(bench().patience(), "it is " + before, bench().controller(task)::status, before::equals);
        bench().detach();
        Deadline.until(bench().patience(), "threads that are left", () -> added(threads), Set::isEmpty);
        Deadline.until(bench().patience(), "descriptors beyond " + descriptors, RecoveryTck::descriptors,
                now -> now <= descriptors + 5);
        bench().executor();
    }

    private void swaps(ExecutorTask task, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            assertThat(bench().executor().recover(bench().handle(task))).isEqualTo(new Recovery.Running());
            Call<TaskExit> await = Call.of(bench().controller(task)::await);
            bench().swap();
            await.failsTemporarily(Bench.AT_ONCE);
        }
    }

    private static Set<String> added(Set<String> before) {
        return threads().stream().filter(thread -> !before.contains(thread)).collect(Collectors.toSet());
    }

    /** Threads that are not the JDK's or the test's own. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isVirtual() && thread.isAlive())
                .filter(thread -> thread.getThreadGroup() == null
                        || !"InnocuousThreadGroup".equals(thread.getThreadGroup().getName()))
                .map(thread -> thread.getName() + "#" + thread.threadId())
                .filter(name -> !name.startsWith("ForkJoinPool") && !name.startsWith("process reaper")
                        && !name.startsWith("VirtualThread") && !name.startsWith("junit"))
                .collect(Collectors.toSet());
    }

    private static long descriptors() throws IOException {
        Path own = Path.of("/proc/self/fd");
        if (!Files.isDirectory(own)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(own)) {
            return open.count();
        }
    }

    /** Does it for all, 16 at a time. */
    private static void inParallel(List<ExecutorTask> tasks, Step step) throws Exception {
        Semaphore places = new Semaphore(16);
        List<Call<Boolean>> calls = new ArrayList<>();
        for (ExecutorTask task : tasks) {
            calls.add(Call.of(() -> {
                places.acquire();
                try {
                    step.take(task);
                } finally {
                    places.release();
                }
            }));
        }
        for (Call<Boolean> call : calls) {
            call.value(java.time.Duration.ofMinutes(4));
        }
    }

    /** Something that is done for a task. */
    interface Step {
        void take(ExecutorTask task) throws Exception;
    }
}
