package io.osmia.orchestrator.internal;

import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.wire.swarmkit.Task;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Fails when a state of a task ever goes back, or when what never changes does (rules 2.2, 2.8). */
final class GrowthCheck implements Reactor {

    @Override
    public void start(View view, Instant now) {}

    @Override
    public void commit(Commit commit, Instant now) {
        for (Change<?> change : commit.changes()) {
            if (change.object() instanceof Task task && change.former() instanceof Task former) {
                check(former, task);
            }
        }
    }

    private static void check(Task former, Task task) {
        if (task.getDesiredState().getNumber() < former.getDesiredState().getNumber()
                || Tasks.observed(task) < Tasks.observed(former)) {
            throw new AssertionError("a state went back: " + former + " -> " + task);
        }
        if (!task.getSpec().equals(former.getSpec())
                || !task.getServiceId().equals(former.getServiceId())
                || task.getSlot() != former.getSlot()) {
            throw new AssertionError("a task has changed its nature: " + former + " -> " + task);
        }
    }

    @Override
    public void tick(Instant now) {}

    @Override
    public @Nullable Instant deadline() {
        return null;
    }
}
