package io.osmia.scheduler.internal;

import io.osmia.store.Store;
import io.osmia.store.StoreException;
import io.osmia.store.StoreException.Reason;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes decisions, one step each; what changed meanwhile makes a decision void (rule 4.5.1). */
record Ledger(Store store, long term) {

    /** For each decision why it was not written, or null. */
    List<@Nullable StoreException> write(List<Decision> decisions) {
        List<Consumer<Tx>> steps = decisions.stream()
                .<Consumer<Tx>>map(decision -> tx -> write(tx, decision))
                .toList();
        return steps.isEmpty() ? List.of() : store.batch(term, steps);
    }

    private static void write(Tx tx, Decision decision) {
        Task task = waiting(tx, decision.task());
        if (decision instanceof Decision.Assign assign) {
            checkNode(tx, assign);
        }
        // The newest form of the task with the fields that the scheduler owns: others may have written theirs meanwhile.
        Task decided = decision.task();
        tx.update(
                Table.TASKS,
                task.toBuilder()
                        .setNodeId(decided.getNodeId())
                        .clearAssignedGenericResources()
                        .addAllAssignedGenericResources(decided.getAssignedGenericResourcesList())
                        .setStatus(decided.getStatus())
                        .build());
    }

    private static Task waiting(Tx tx, Task decided) {
        @Nullable Task task = tx.get(Table.TASKS, decided.getId());
        if (task == null) {
            throw new StoreException(Reason.NOT_EXIST);
        }
        boolean pending = task.getStatus().getState() == TaskState.PENDING;
        boolean samePlace = task.getNodeId().isEmpty() || task.getNodeId().equals(decided.getNodeId());
        if (!pending || !samePlace || wanted(task) != wanted(decided)) {
            throw new StoreException(Reason.OUT_OF_SEQUENCE);
        }
        return task;
    }

    /** Whether the task is meant to run; nobody starts it otherwise. */
    static boolean wanted(Task task) {
        return task.getDesiredState().getNumber() <= TaskState.COMPLETE.getNumber();
    }

    private static void checkNode(Tx tx, Decision.Assign assign) {
        @Nullable Node node = tx.get(Table.NODES, assign.task().getNodeId());
        if (node == null || node.getMeta().getVersion().getIndex() != assign.nodeVersion()) {
            throw new StoreException(Reason.OUT_OF_SEQUENCE);
        }
    }
}
