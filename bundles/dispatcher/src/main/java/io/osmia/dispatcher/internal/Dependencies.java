package io.osmia.dispatcher.internal;

import io.osmia.wire.swarmkit.ConfigReference;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.ResourceReference;
import io.osmia.wire.swarmkit.ResourceType;
import io.osmia.wire.swarmkit.SecretReference;
import io.osmia.wire.swarmkit.Task;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which tasks of a node use which secret or config (rules 6.9.6, 6.9.7). */
final class Dependencies {

    /** A secret, config or task. */
    record Key(ResourceType type, String id) {}

    private final Map<Key, Set<String>> users = new HashMap<>();

    /** Secrets and configs that the task refers to, each once, in the order of the spec. */
    static Set<Key> of(Task task) {
        Set<Key> keys = new LinkedHashSet<>();
        for (ResourceReference reference : task.getSpec().getResourceReferencesList()) {
            ResourceType type = reference.getResourceType();
            if (type == ResourceType.SECRET || type == ResourceType.CONFIG) {
                keys.add(new Key(type, reference.getResourceId()));
            }
        }
        ContainerSpec container = task.getSpec().getContainer();
        for (SecretReference secret : container.getSecretsList()) {
            keys.add(new Key(ResourceType.SECRET, secret.getSecretId()));
        }
        for (ConfigReference config : container.getConfigsList()) {
            keys.add(new Key(ResourceType.CONFIG, config.getConfigId()));
        }
        return keys;
    }

    boolean used(Key key) {
        return users.containsKey(key);
    }

    void use(Key key, String taskId) {
        users.computeIfAbsent(key, k -> new HashSet<>()).add(taskId);
    }

    /** Takes the task off; true when it was the last user. */
    boolean release(Key key, String taskId) {
        Set<String> tasks = users.get(key);
        if (tasks == null || !tasks.remove(taskId) || !tasks.isEmpty()) {
            return false;
        }
        users.remove(key);
        return true;
    }
}
