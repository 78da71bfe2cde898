package io.osmia.agent.internal.task;

import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Notes what tasks report; tests wait for a state, with a bound. */
final class RecordingReports implements Reports {

    // guarded by this
    private final Map<String, List<TaskStatus>> byTask = new HashMap<>();

    @Override
    public synchronized void report(String taskId, TaskStatus status) {
        byTask.computeIfAbsent(taskId, id -> new ArrayList<>()).add(status);
        notifyAll();
    }

    @Override
    public synchronized void forget(String taskId) {
        byTask.computeIfAbsent(taskId, id -> new ArrayList<>());
    }

    /** Waits for the state; fails with what was reported instead after 60 s. */
    synchronized TaskStatus await(String taskId, TaskState state) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            List<TaskStatus> reported = byTask.getOrDefault(taskId, List.of());
            for (TaskStatus status : reported) {
                if (status.getState() == state) {
                    return status;
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("task " + taskId + " did not become " + state + "; reported " + reported);
            }
            wait(left);
        }
    }

    /** Waits until the task has reported so many errors that start so. */
    synchronized void awaitErrs(String taskId, String err, int times) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (errs(taskId, err) < times) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("not " + times + " times err '" + err + "': " + byTask.get(taskId));
            }
            wait(left);
        }
    }

    private long errs(String taskId, String err) {
        return byTask.getOrDefault(taskId, List.of()).stream()
                .filter(status -> status.getErr().startsWith(err))
                .count();
    }

    /** Waits until the task has reported so many errors that start so, and last that it is well. */
    synchronized TaskStatus awaitWellAfter(String taskId, String err, int times) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            List<TaskStatus> reported = byTask.getOrDefault(taskId, List.of());
            if (errs(taskId, err) == times && reported.getLast().getErr().isEmpty()) {
                return reported.getLast();
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("not well after " + times + " times err '" + err + "': " + reported);
            }
            wait(left);
        }
    }

    synchronized List<TaskState> states(String taskId) {
        return byTask.getOrDefault(taskId, List.of()).stream().map(TaskStatus::getState).toList();
    }

    /** Waits until the task has reported an error that starts so. */
    synchronized TaskStatus awaitErrStarting(String taskId, String err) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            for (TaskStatus status : byTask.getOrDefault(taskId, List.of())) {
                if (status.getErr().startsWith(err)) {
                    return status;
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("no err '" + err + "' in " + byTask.get(taskId));
            }
            wait(left);
        }
    }
}
