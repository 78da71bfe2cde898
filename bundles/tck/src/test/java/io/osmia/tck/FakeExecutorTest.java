package io.osmia.tck;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.executor.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fake keeps the contract; and so the tests can be passed. */
class FakeExecutorTest extends ExecutorTck {

    private static final List<String> VERBS = List.of("prepare", "start", "await", "remove", "recover", "list");

    private final FakeMachine machine = new FakeMachine();

    @Override
    protected Executor open(String nodeId) {
        return new FakeExecutor(machine, "1.0.0");
    }

    @Override
    protected Workload workload(List<String> command) {
        return Workload.builder(FakeExecutor.IMAGE).command(command).build();
    }

    @Override
    protected Map<Feature, String> leftOut() {
        return Map.of(Feature.EXEC, "the fake runs no programs");
    }

    @Override
    protected void takeBackendAway() {
        machine.away(true);
    }

    @Override
    protected void bringBackendBack() {
        machine.away(false);
    }

    @Override
    protected void hangBackend() {
        VERBS.forEach(machine::hang);
    }

    @Override
    protected void resumeBackend() {
        VERBS.forEach(machine::release);
    }

    @Override
    protected int many() {
        return 1000;
    }

    @Override
    protected Optional<TaskHandle> formerHandle(ExecutorTask task, TaskHandle handle) {
        return Optional.of(FakeExecutor.former(handle));
    }
}
