package io.osmia.store.internal;

import static io.osmia.store.internal.Index.many;
import static io.osmia.store.internal.Index.one;
import com.google.protobuf.Message;
import io.osmia.store.Names;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.IndexEntry;
import io.osmia.wire.swarmkit.NetworkAttachmentConfig;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.Volume;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Under which keys an object stands in the indices of its table. */
final class Keys {

    static final List<Index<Node>> NODE = List.of(
            many(IndexName.NAME, Keys::hostname),
            many(IndexName.CUSTOM, node -> custom(node.getSpec().getAnnotations())),
            one(IndexName.ROLE, Node::getRoleValue),
            one(IndexName.MEMBERSHIP, node -> node.getSpec().getMembershipValue()));

    static final List<Index<Service>> SERVICE = named(
            service -> service.getSpec().getAnnotations(),
            many(IndexName.NETWORK, Keys::networks),
            many(IndexName.SECRET, service -> secrets(service.getSpec().getTask())),
            many(IndexName.CONFIG, service -> configs(service.getSpec().getTask())),
            many(IndexName.RUNTIME, service -> runtime(service.getSpec().getTask())));

    static final List<Index<Task>> TASK = List.of(
            one(IndexName.NAME, task -> lower(Names.taskName(task))),
            many(IndexName.CUSTOM, task -> custom(task.getAnnotations())),
            one(IndexName.SERVICE, Task::getServiceId),
            one(IndexName.NODE, Task::getNodeId),
            one(IndexName.SLOT, task -> new SlotKey(task.getServiceId(), task.getSlot())),
            one(IndexName.DESIRED, Task::getDesiredStateValue),
            one(IndexName.OBSERVED, task -> task.getStatus().getStateValue()),
            many(IndexName.NETWORK, task -> targets(task.getSpec().getNetworksList())),
            many(IndexName.SECRET, task -> secrets(task.getSpec())),
            many(IndexName.CONFIG, task -> configs(task.getSpec())),
            many(IndexName.VOLUME, task -> each(task.getVolumesList(), volume -> volume.getId())),
            many(IndexName.RUNTIME, task -> runtime(task.getSpec())));

    static final List<Index<Volume>> VOLUME = named(
            volume -> volume.getSpec().getAnnotations(),
            one(IndexName.GROUP, volume -> volume.getSpec().getGroup()),
            many(IndexName.DRIVER, Keys::driver));

    private Keys() {}

    /** Unique name and custom index from the annotations, and some more. */
    @SafeVarargs
    static <T extends Message> List<Index<T>> named(Function<T, Annotations> annotations, Index<T>... more) {
        List<Index<T>> all = new ArrayList<>();
        all.add(Index.unique(IndexName.NAME, object -> lower(annotations.apply(object).getName())));
        all.add(Index.many(IndexName.CUSTOM, object -> custom(annotations.apply(object))));
        all.addAll(List.of(more));
        return List.copyOf(all);
    }

    static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    static String customKey(String index, String value) {
        return index + '\0' + value;
    }

    static Object[] custom(Annotations annotations) {
        return each(annotations.getIndicesList(), (IndexEntry entry) -> customKey(entry.getKey(), entry.getVal()));
    }

    private static Object[] hostname(Node node) {
        return node.hasDescription() ? new Object[] {lower(node.getDescription().getHostname())} : Index.NONE;
    }

    /** Networks of the task spec, else the deprecated ones of the service spec. */
    @SuppressWarnings("deprecation")
    private static Object[] networks(Service service) {
        List<NetworkAttachmentConfig> ofTask = service.getSpec().getTask().getNetworksList();
        return targets(ofTask.isEmpty() ? service.getSpec().getNetworksList() : ofTask);
    }

    private static Object[] targets(List<NetworkAttachmentConfig> networks) {
        return each(networks, NetworkAttachmentConfig::getTarget);
    }

    private static Object[] secrets(TaskSpec spec) {
        ContainerSpec container = spec.getContainer();
        return each(container.getSecretsList(), reference -> reference.getSecretId());
    }

    private static Object[] configs(TaskSpec spec) {
        ContainerSpec container = spec.getContainer();
        return each(container.getConfigsList(), reference -> reference.getConfigId());
    }

    private static Object[] runtime(TaskSpec spec) {
        Optional<String> runtime = Names.runtime(spec);
        return runtime.isPresent() ? new Object[] {runtime.get()} : Index.NONE;
    }

    private static Object[] driver(Volume volume) {
        return volume.getSpec().hasDriver() ? new Object[] {volume.getSpec().getDriver().getName()} : Index.NONE;
    }

    /** Each key once. */
    private static <E> Object[] each(List<E> elements, Function<E, Object> key) {
        if (elements.isEmpty()) {
            return Index.NONE;
        }
        if (elements.size() == 1) {
            return new Object[] {key.apply(elements.getFirst())};
        }
        Set<Object> keys = new LinkedHashSet<>();
        for (E element : elements) {
            keys.add(key.apply(element));
        }
        return keys.toArray();
    }
}
