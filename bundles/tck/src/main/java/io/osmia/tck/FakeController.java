package io.osmia.tck;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Mount;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** One workload of a {@link FakeMachine}. */
final class FakeController implements TaskController {

    private static final Duration FOREVER = Duration.ofDays(10_000);
    private static final long LEAST_MEMORY = 6 << 20;
    private static final Set<String> COMMANDS = Set.of("sh", "sleep", "true");

    private final FakeExecutor executor;
    private final FakeMachine machine;
    private final String id;
    private volatile ExecutorTask task;

    FakeController(FakeExecutor executor, ExecutorTask task) {
        this.executor = executor;
        this.machine = executor.machine();
        this.id = task.id();
        this.task = task;
    }

    @Override
    public void prepare() throws ExecutorException, InterruptedException {
        reached("prepare");
        if (machine.workload(id).isEmpty()) {
            check();
            machine.add(new FakeWorkload(machine, task));
        }
    }

    private void check() throws ExecutorException {
        String image = task.workload().image();
        if (!image.equals(FakeExecutor.IMAGE) && !image.isEmpty()) {
            throw ExecutorException.permanent("fake: image '" + image + "' is missing");
        }
        long memory = task.resources().limits().memoryBytes();
        if (memory > 0 && memory < LEAST_MEMORY) {
            throw ExecutorException
                    .permanent("fake: a memory limit of " + memory + " bytes is less than " + LEAST_MEMORY);
        }
        for (Mount mount : task.workload().mounts()) {
            if (mount.type() == Mount.Type.BIND && !present(mount.source())) {
                throw ExecutorException.permanent("fake: mount source '" + mount.source() + "' is missing");
            }
        }
    }

    private static boolean present(String source) {
        return source.startsWith("/") && Files.exists(Path.of(source));
    }

    @Override
    public void start() throws ExecutorException, InterruptedException {
        reached("start");
        FakeWorkload workload = existing();
        List<String> words = FakeProgram.words(task);
        if (words.isEmpty() || !COMMANDS.contains(words.getFirst())) {
            throw ExecutorException.permanent("fake: command '" + String.join(" ", words) + "' is missing");
        }
        workload.start();
        workload.awaitHealth(executor::attached);
    }

    @Override
    public TaskExit await() throws ExecutorException, InterruptedException {
        reached("await");
        TaskExit exit = existing().awaitEnd(FOREVER, executor::attached);
        if (exit == null) {
            throw ExecutorException.temporary("fake: task " + id + " still runs");
        }
        return exit;
    }

    private FakeWorkload existing() throws ExecutorException {
        return machine.workload(id).orElseThrow(() -> ExecutorException.permanent("fake: there is no task " + id));
    }

    @Override
    public void shutdown() throws ExecutorException, InterruptedException {
        reached("shutdown");
        stop(FakeSignals.number(task.workload().stopSignal()));
    }

    @Override
    public void terminate() throws ExecutorException, InterruptedException {
        reached("terminate");
        stop(FakeSignals.KILL);
    }

    private void stop(int signal) throws ExecutorException, InterruptedException {
        Optional<FakeWorkload> workload = machine.workload(id);
        if (workload.isPresent() && workload.get().stop()) {
            workload.get().signal(signal);
            if (workload.get().awaitEnd(task.workload().stopGracePeriod(), executor::attached) == null) {
                workload.get().signal(FakeSignals.KILL);
            }
        }
    }

    @Override
    public void update(ExecutorTask changed) {
        task = changed;
    }

    @Override
    public void remove() throws ExecutorException, InterruptedException {
        reached("remove");
        stop(FakeSignals.number(task.workload().stopSignal()));
        machine.remove(id);
    }

    private void reached(String verb) throws ExecutorException, InterruptedException {
        machine.reached(executor, verb, id);
    }

    @Override
    public Status status() {
        return machine.workload(id)
                .map(FakeWorkload::status)
                .orElseGet(() -> new Status("", OptionalLong.empty(), Instant.EPOCH));
    }

    @Override
    public void close() {
        // holds nothing
    }
}
