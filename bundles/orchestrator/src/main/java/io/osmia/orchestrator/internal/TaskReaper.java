package io.osmia.orchestrator.internal;

import io.osmia.store.By;
import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.wire.swarmkit.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Removes tasks that have no further use: the history of a slot beyond its limit, and tasks that were told to go and have
 * gone (rule 3.7). Gathers for a moment, then removes many at once.
 */
final class TaskReaper implements Reactor {

    static final Duration BATCH_TIME = Duration.ofMillis(250);
    static final int BATCH_SIZE = 1000;

    private final Store store;
    private final EditWriter writer;
    /** Slots that got a task and may now have more than their share. */
    private final SortedSet<SlotKey> dirty = new TreeSet<>();
    /** Tasks that go whatever their slot holds. */
    private final SortedSet<String> cleanup = new TreeSet<>();

    private @Nullable Instant deadline;

    TaskReaper(Store store, long term) {
        this.store = store;
        this.writer = new EditWriter(store, term);
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.CLUSTERS, Table.NODES, Table.SERVICES, Table.TASKS);
    }

    @Override
    public void start(View view, Instant now) {
        dirty.clear();
        cleanup.clear();
        deadline = null;
        for (Task task : view.find(Table.TASKS, By.ALL)) {
            if (ReaperRules.useless(task)) {
                cleanup.add(task.getId());
                deadline = now;
            }
        }
    }

    @Override
    public void commit(Commit commit, Instant now) {
        for (Change<?> change : commit.changes()) {
            if (change.object() instanceof Task task && change.kind() != Change.Kind.REMOVE) {
                touched(change.kind(), task, now);
            }
        }
    }

    private void touched(Change.Kind kind, Task task, Instant now) {
        if (ReaperRules.useless(task)) {
            cleanup.add(task.getId());
            arm(now);
        }
        if (task.getServiceId().isEmpty()) {
            return;
        }
        SlotKey slot = SlotKey.of(task);
        if (kind == Change.Kind.CREATE) {
            dirty.add(slot);
            arm(now);
        } else if (Tasks.reapable(task) && dirty.contains(slot)) {
            arm(now);
        }
    }

    private void arm(Instant now) {
        if (dirty.size() + cleanup.size() > BATCH_SIZE) {
            deadline = now;
        } else if (deadline == null) {
            deadline = now.plus(BATCH_TIME);
        }
    }

    @Override
    public void tick(Instant now) {
        if (deadline == null || now.isBefore(deadline)) {
            return;
        }
        deadline = null;
        View view = store.view();
        List<Edit> edits = new ArrayList<>();
        cleanup.forEach(id -> edits.add(new Edit.Reap(id)));
        cleanup.clear();
        dirty.removeIf(slot -> ReaperRules.prune(view, slot, edits));
        writer.write(edits);
    }

    @Override
    public @Nullable Instant deadline() {
        return deadline;
    }
}
