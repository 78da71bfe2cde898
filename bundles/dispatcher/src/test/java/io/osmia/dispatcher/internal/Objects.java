package io.osmia.dispatcher.internal;

import io.osmia.store.LocalStore;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.Config;
import io.osmia.wire.swarmkit.ConfigReference;
import io.osmia.wire.swarmkit.ConfigSpec;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.SecretReference;
import io.osmia.wire.swarmkit.SecretSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.util.List;
import java.util.function.UnaryOperator;

/** Objects for tests, and short ways to put them into a store. */
final class Objects {

    static final long TERM = 7;

    private Objects() {}

    static Node node(String id, NodeStatus.State state) {
        return Node.newBuilder()
                .setId(id)
                .setStatus(NodeStatus.newBuilder().setState(state))
                .build();
    }

    static Task task(String id, String nodeId, TaskState state) {
        return Task.newBuilder()
                .setId(id)
                .setNodeId(nodeId)
                .setServiceId("service")
                .setDesiredState(TaskState.RUNNING)
                .setStatus(TaskStatus.newBuilder().setState(state))
                .build();
    }

    static Task using(Task task, List<String> secrets, List<String> configs) {
        ContainerSpec.Builder container = ContainerSpec.newBuilder();
        secrets.forEach(id -> container.addSecrets(SecretReference.newBuilder().setSecretId(id)));
        configs.forEach(id -> container.addConfigs(ConfigReference.newBuilder().setConfigId(id)));
        return task.toBuilder().setSpec(TaskSpec.newBuilder().setContainer(container)).build();
    }

    static Secret secret(String id) {
        return Secret.newBuilder()
                .setId(id)
                .setSpec(SecretSpec.newBuilder().setAnnotations(Annotations.newBuilder().setName(id)))
                .build();
    }

    static Config config(String id) {
        return Config.newBuilder()
                .setId(id)
                .setSpec(ConfigSpec.newBuilder().setAnnotations(Annotations.newBuilder().setName(id)))
                .build();
    }

    static void create(LocalStore store, Object... objects) {
        store.update(TERM, tx -> {
            for (Object object : objects) {
                switch (object) {
                    case Node node -> tx.create(Table.NODES, node);
                    case Task task -> tx.create(Table.TASKS, task);
                    case Secret secret -> tx.create(Table.SECRETS, secret);
                    case Config config -> tx.create(Table.CONFIGS, config);
                    default -> throw new IllegalArgumentException(object.toString());
                }
            }
            return objects.length;
        });
    }

    static void changeTask(LocalStore store, String id, UnaryOperator<Task> change) {
        store.update(TERM, tx -> tx.update(Table.TASKS, change.apply(tx.get(Table.TASKS, id))));
    }

    static void setState(LocalStore store, String id, TaskState state) {
        changeTask(store, id, task -> task.toBuilder()
                .setStatus(task.getStatus().toBuilder().setState(state))
                .build());
    }

    static void delete(LocalStore store, String... taskIds) {
        store.update(TERM, tx -> {
            for (String id : taskIds) {
                tx.delete(Table.TASKS, id);
            }
            return taskIds.length;
        });
    }
}
