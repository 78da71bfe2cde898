package io.osmia.dispatcher.internal;

import io.osmia.dispatcher.internal.Dependencies.Key;
import io.osmia.store.By;
import io.osmia.store.Change;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Assignment;
import io.osmia.wire.swarmkit.AssignmentChange;
import io.osmia.wire.swarmkit.AssignmentChange.AssignmentAction;
import io.osmia.wire.swarmkit.AssignmentsMessage;
import io.osmia.wire.swarmkit.Config;
import io.osmia.wire.swarmkit.ResourceType;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one agent has been told to run, and what it has yet to be told (rule 6.9). One per stream: the first message is the
 * whole set, each later one the difference. What has not been sent is held as one change per object, so a slow agent costs
 * no more memory than the set itself.
 */
final class AssignmentSet {

    private final String nodeId;
    private final Map<String, Task> known = new HashMap<>();
    private final Dependencies dependencies = new Dependencies();
    private final Map<Key, AssignmentChange> unsent = new LinkedHashMap<>();
    private long sequence;

    AssignmentSet(String nodeId) {
        this.nodeId = nodeId;
    }

    /** The first message: everything. Called once. */
    AssignmentsMessage complete(View view) {
        resync(view);
        return message(AssignmentsMessage.Type.COMPLETE);
    }

    /** Takes over a task that was created, updated or removed. */
    void change(Change<Task> change, View after) {
        Task task = change.object();
        switch (change.kind()) {
            case CREATE, UPDATE -> addOrUpdate(task, after);
            case REMOVE -> remove(task.getId());
        }
    }

    /** Compares with a state from which the single commits are not known. */
    void resync(View view) {
        Set<String> present = new HashSet<>();
        for (Task task : view.find(Table.TASKS, By.node(nodeId))) {
            present.add(task.getId());
            addOrUpdate(task, view);
        }
        for (String id : known.keySet().stream().filter(id -> !present.contains(id)).sorted().toList()) {
            remove(id);
        }
    }

    /** Number of objects that the agent has not been told about. */
    int waiting() {
        return unsent.size();
    }

    /** The difference to the message before; empty when there is none. */
    Optional<AssignmentsMessage> incremental() {
        return unsent.isEmpty() ? Optional.empty() : Optional.of(message(AssignmentsMessage.Type.INCREMENTAL));
    }

    private AssignmentsMessage message(AssignmentsMessage.Type type) {
        AssignmentsMessage.Builder message = AssignmentsMessage.newBuilder()
                .setType(type)
                .setAppliesTo(sequence == 0 ? "" : Long.toString(sequence))
                .setResultsIn(Long.toString(++sequence))
                .addAllChanges(unsent.values());
        unsent.clear();
        return message.build();
    }

    private void addOrUpdate(Task task, View view) {
        int state = task.getStatus().getStateValue();
        if (state < TaskState.ASSIGNED_VALUE) {
            return;
        }
        Task former = known.put(task.getId(), task);
        if (former != null && state > TaskState.RUNNING_VALUE) {
            release(task);
        }
        if (former != null && state > TaskState.ASSIGNED_VALUE && sameForAgent(former, task)) {
            return;
        }
        if (former == null && state <= TaskState.RUNNING_VALUE) {
            use(task, view);
        }
        put(new Key(ResourceType.TASK, task.getId()), AssignmentAction.UPDATE, Assignment.newBuilder().setTask(task));
    }

    /** Whether the tasks differ in nothing but what agents report themselves (rule 6.9.4). */
    private static boolean sameForAgent(Task a, Task b) {
        return withoutEcho(a).equals(withoutEcho(b));
    }

    private static Task withoutEcho(Task task) {
        return task.toBuilder().clearStatus().clearMeta().build();
    }

    private void remove(String taskId) {
        Task former = known.remove(taskId);
        if (former == null) {
            return;
        }
        put(
                new Key(ResourceType.TASK, taskId),
                AssignmentAction.REMOVE,
                Assignment.newBuilder().setTask(Task.newBuilder().setId(taskId)));
        release(former);
    }

    private void use(Task task, View view) {
        for (Key key : Dependencies.of(task)) {
            if (dependencies.used(key)) {
                dependencies.use(key, task.getId());
                continue;
            }
            find(key, view).ifPresent(object -> {
                dependencies.use(key, task.getId());
                put(key, AssignmentAction.UPDATE, object);
            });
        }
    }

    private void release(Task task) {
        for (Key key : Dependencies.of(task)) {
            if (dependencies.release(key, task.getId())) {
                put(key, AssignmentAction.REMOVE, idOnly(key));
            }
        }
    }

    /** The object, or empty when it does not exist: the task is then sent without it (rule 6.9.6). */
    private static Optional<Assignment.Builder> find(Key key, View view) {
        if (key.type() == ResourceType.SECRET) {
            Secret secret = view.get(Table.SECRETS, key.id());
            // The value of a driver-backed secret is not in the store.
            return secret == null || secret.getSpec().hasDriver()
                    ? Optional.empty()
                    : Optional.of(Assignment.newBuilder().setSecret(secret));
        }
        Config config = view.get(Table.CONFIGS, key.id());
        return config == null ? Optional.empty() : Optional.of(Assignment.newBuilder().setConfig(config));
    }

    private static Assignment.Builder idOnly(Key key) {
        return key.type() == ResourceType.SECRET
                ? Assignment.newBuilder().setSecret(Secret.newBuilder().setId(key.id()))
                : Assignment.newBuilder().setConfig(Config.newBuilder().setId(key.id()));
    }

    private void put(Key key, AssignmentAction action, Assignment.Builder object) {
        unsent.put(key, AssignmentChange.newBuilder().setAction(action).setAssignment(object).build());
    }
}
