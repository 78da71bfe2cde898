package io.osmia.agent.internal.session;

import io.osmia.agent.internal.task.Reports;
import io.osmia.wire.swarmkit.TaskStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The newest status of each task that has yet to be told to the dispatcher (rule 6.13). Tasks report in from their own
 * threads; one sender takes out batches and gives back what did not arrive.
 */
final class Reporter implements Reports {

    private static final int LARGEST_BATCH = 1024;

    private final Runnable waiting;
    // guarded by this
    private final LinkedHashMap<String, TaskStatus> queue = new LinkedHashMap<>();
    // guarded by this; of the last batch, without those that are gone by now
    private final Set<String> taken = new HashSet<>();

    /** @param waiting told whenever something waits; must not block */
    Reporter(Runnable waiting) {
        this.waiting = waiting;
    }

    @Override
    public void report(String taskId, TaskStatus status) {
        synchronized (this) {
            TaskStatus queued = queue.get(taskId);
            if (queued != null && queued.getStateValue() > status.getStateValue()) {
                return;
            }
            queue.put(taskId, status);
        }
        waiting.run();
    }

    @Override
    public synchronized void forget(String taskId) {
        queue.remove(taskId);
        taken.remove(taskId);
    }

    /** Takes out what waits, the oldest first; empty when nothing does. */
    Map<String, TaskStatus> take() {
        return take(LARGEST_BATCH);
    }

    /** Takes out so many at most. */
    synchronized Map<String, TaskStatus> take(int most) {
        Map<String, TaskStatus> batch = new LinkedHashMap<>();
        for (Map.Entry<String, TaskStatus> entry : queue.entrySet()) {
            if (batch.size() == most) {
                break;
            }
            batch.put(entry.getKey(), entry.getValue());
        }
        queue.keySet().removeAll(batch.keySet());
        taken.clear();
        taken.addAll(batch.keySet());
        return batch;
    }

    /** Puts back what did not arrive, to be taken first, unless something newer has come or the task is gone. */
    synchronized void giveBack(Map<String, TaskStatus> batch) {
        List<String> ids = new ArrayList<>(batch.keySet());
        for (String id : ids.reversed()) {
            if (taken.contains(id) && !queue.containsKey(id)) {
                queue.putFirst(id, batch.get(id));
            }
        }
    }
}
