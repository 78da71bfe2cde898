package io.osmia.agent.internal.session;

import io.osmia.agent.internal.task.Reports;
import io.osmia.wire.swarmkit.TaskStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest status of each task that has yet to be told to the dispatcher (rule 6.13). Tasks report in from their own
 * threads; one sender takes out batches and gives back what did not arrive.
 */
final class Reporter implements Reports {

    private static final int LARGEST_BATCH = 1024;

    private final Runnable waiting;
    // guarded by this
    private final Map<String, TaskStatus> queue = new LinkedHashMap<>();

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
    }

    /** Takes out what waits, the oldest first; empty when nothing does. */
    synchronized Map<String, TaskStatus> take() {
        Map<String, TaskStatus> batch = new LinkedHashMap<>();
        for (Map.Entry<String, TaskStatus> entry : queue.entrySet()) {
            if (batch.size() == LARGEST_BATCH) {
                break;
            }
            batch.put(entry.getKey(), entry.getValue());
        }
        queue.keySet().removeAll(batch.keySet());
        return batch;
    }

    /** Puts back what did not arrive, unless something newer has come. */
    synchronized void giveBack(Map<String, TaskStatus> batch) {
        batch.forEach(queue::putIfAbsent);
    }
}
