package io.osmia.orchestrator.internal;

import io.osmia.store.Store;
import io.osmia.store.StoreException;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import io.osmia.wire.swarmkit.UpdateStatus;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes edits to the store in as few transactions as its limits allow, each one guarded. */
final class EditWriter {

    private static final Logger LOG = LoggerFactory.getLogger(EditWriter.class);

    private final Store store;
    private final long term;

    EditWriter(Store store, long term) {
        this.store = store;
        this.term = term;
    }

    /**
     * Writes them and waits until they are committed.
     *
     * @throws StoreException when the store takes no changes at present: the caller begins anew from the committed state
     */
    void write(List<Edit> edits) {
        if (edits.isEmpty()) {
            return;
        }
        List<Consumer<Tx>> steps =
                edits.stream().<Consumer<Tx>>map(e -> tx -> apply(tx, e)).toList();
        List<StoreException> refusals = store.batch(term, steps);
        for (int i = 0; i < refusals.size(); i++) {
            StoreException refusal = refusals.get(i);
            if (refusal != null) {
                judge(edits.get(i), refusal);
            }
        }
    }

    private static void judge(Edit edit, StoreException refusal) {
        if (refusal.reason().passes()) {
            throw refusal;
        }
        LOG.error("left out, {}: {}", refusal.getMessage(), describe(edit));
    }

    private static String describe(Edit edit) {
        return switch (edit) {
            case Edit.CreateTask(var task) -> "new task " + task.getId() + " of service " + task.getServiceId();
            case Edit.Desire(var id, var state) -> "desired state " + state + " of task " + id;
            case Edit.Replace(var olds, var task) -> "new task " + task.getId() + " in place of " + olds;
            case Edit.Report(var id, var status) -> "state " + status.getState() + " of task " + id;
            case Edit.DeleteTask(var id) -> "removal of task " + id;
            case Edit.Reap(var id) -> "removal of task " + id;
            case Edit.Progress(var id, var spec, var status) ->
                "update status " + status.getState() + " of service " + id;
            case Edit.RollBack(var id, var spec, var status) -> "rollback of service " + id;
        };
    }

    private static void apply(Tx tx, Edit edit) {
        switch (edit) {
            case Edit.CreateTask(var task) -> create(tx, task);
            case Edit.Desire(var id, var state) -> desire(tx, id, state);
            case Edit.Replace(var olds, var replacement) -> replace(tx, olds, replacement);
            case Edit.Report(var id, var status) -> report(tx, id, status);
            case Edit.DeleteTask(var id) -> delete(tx, id);
            case Edit.Reap(var id) -> reap(tx, id);
            case Edit.Progress progress -> progress(tx, progress);
            case Edit.RollBack rollback -> rollBack(tx, rollback);
        }
    }

    private static void create(Tx tx, Task task) {
        if (tx.get(Table.SERVICES, task.getServiceId()) != null) {
            tx.create(Table.TASKS, task);
        }
    }

    private static void desire(Tx tx, String id, TaskState state) {
        Task task = tx.get(Table.TASKS, id);
        if (task != null && task.getDesiredState().getNumber() < state.getNumber()) {
            tx.update(Table.TASKS, task.toBuilder().setDesiredState(state).build());
        }
    }

    private static void replace(Tx tx, List<String> olds, Task replacement) {
        olds.forEach(id -> desire(tx, id, TaskState.SHUTDOWN));
        create(tx, replacement);
    }

    private static void report(Tx tx, String id, TaskStatus status) {
        Task task = tx.get(Table.TASKS, id);
        if (task != null && Tasks.observed(task) < status.getState().getNumber()) {
            TaskStatus merged =
                    task.getStatus().toBuilder().mergeFrom(status).build();
            tx.update(Table.TASKS, task.toBuilder().setStatus(merged).build());
        }
    }

    private static void delete(Tx tx, String id) {
        if (tx.get(Table.TASKS, id) != null) {
            tx.delete(Table.TASKS, id);
        }
    }

    private static void reap(Tx tx, String id) {
        Task task = tx.get(Table.TASKS, id);
        if (task != null && Tasks.reapable(task)) {
            tx.delete(Table.TASKS, id);
        }
    }

    private static void progress(Tx tx, Edit.Progress progress) {
        Service service = tx.get(Table.SERVICES, progress.serviceId());
        if (service == null || !service.getSpec().equals(progress.spec())) {
            return;
        }
        // rules 3.6.3, 3.6.7: a status that is there is not begun again, one that vanished is not completed
        boolean begins = progress.status().getState() == UpdateStatus.UpdateState.UPDATING;
        if (begins != service.hasUpdateStatus()) {
            UpdateStatus merged = service.getUpdateStatus().toBuilder()
                    .mergeFrom(progress.status())
                    .build();
            tx.update(Table.SERVICES, service.toBuilder().setUpdateStatus(merged).build());
        }
    }

    private static void rollBack(Tx tx, Edit.RollBack rollback) {
        Service service = tx.get(Table.SERVICES, rollback.serviceId());
        if (service == null || !service.getSpec().equals(rollback.spec())) {
            return;
        }
        if (!service.hasPreviousSpec()) {
            LOG.error("service {}: no previous spec to roll back to", rollback.serviceId());
            return;
        }
        Service.Builder former = service.toBuilder()
                .setSpec(service.getPreviousSpec())
                .clearPreviousSpec()
                .clearSpecVersion()
                .clearPreviousSpecVersion()
                .setUpdateStatus(rollback.status());
        if (service.hasPreviousSpecVersion()) {
            former.setSpecVersion(service.getPreviousSpecVersion());
        }
        tx.update(Table.SERVICES, former.build());
    }
}
