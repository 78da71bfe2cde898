package io.osmia.dispatcher.internal;

import io.osmia.store.By;
import io.osmia.store.Change;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TasksMessage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The legacy stream of whole task lists (rule 6.10). */
final class TaskListStream extends NodeStream {

    private final Sink<TasksMessage> sink;
    private final Pace pace;
    private int changes;

    TaskListStream(String nodeId, String sessionId, Sink<TasksMessage> sink, Pace pace) {
        super(nodeId, sessionId, sink);
        this.sink = sink;
        this.pace = pace;
    }

    void open(View view) {
        sink.send(list(view));
    }

    private TasksMessage list(View view) {
        TasksMessage.Builder message = TasksMessage.newBuilder();
        for (Task task : view.find(Table.TASKS, By.node(nodeId()))) {
            if (task.getStatus().getStateValue() >= TaskState.ASSIGNED_VALUE) {
                message.addTasks(task);
            }
        }
        return message.build();
    }

    @Override
    void task(Change<Task> change, View after) {
        Task former = change.former();
        boolean echo = former != null
                && change.object().getStatus().getStateValue() > TaskState.ASSIGNED_VALUE
                && former.toBuilder().clearStatus().clearMeta().build()
                        .equals(change.object().toBuilder().clearStatus().clearMeta().build());
        if (!echo) {
            changes++;
        }
    }

    @Override
    void resync(View view) {
        changes++;
    }

    @Override
    boolean flush(View view, Instant now) {
        if (sink.ready() && pace.due(changes, now)) {
            sink.send(list(view));
            pace.went(changes, now);
            changes = 0;
        }
        return changes == 0;
    }

    @Override
    @Nullable
    Instant deadline() {
        return sink.ready() ? pace.next(changes) : null;
    }
}
