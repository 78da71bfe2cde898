package io.osmia.store;

import com.google.protobuf.Message;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.Config;
import io.osmia.wire.swarmkit.Extension;
import io.osmia.wire.swarmkit.Meta;
import io.osmia.wire.swarmkit.Network;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Resource;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.Volume;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** One table of the store (rule 1.2.1): how to take its objects apart. */
public final class Table<T extends Message> {

    public static final Table<Node> NODES = new Table<>(
            1, "node", Node.class, Node::getId, Node::getMeta, (o, m) -> o.toBuilder().setMeta(m).build());
    public static final Table<Service> SERVICES = new Table<>(
            2, "service", Service.class, Service::getId, Service::getMeta, (o, m) -> o.toBuilder().setMeta(m).build());
    public static final Table<Task> TASKS = new Table<>(
            4, "task", Task.class, Task::getId, Task::getMeta, (o, m) -> o.toBuilder().setMeta(m).build());
    public static final Table<Network> NETWORKS = new Table<>(
            3, "network", Network.class, Network::getId, Network::getMeta, (o, m) -> o.toBuilder().setMeta(m).build());
    public static final Table<Cluster> CLUSTERS = new Table<>(
            5, "cluster", Cluster.class, Cluster::getId, Cluster::getMeta, (o, m) -> o.toBuilder().setMeta(m).build());
    public static final Table<Secret> SECRETS = new Table<>(
            6, "secret", Secret.class, Secret::getId, Secret::getMeta, (o, m) -> o.toBuilder().setMeta(m).build());
    public static final Table<Config> CONFIGS = new Table<>(
            9, "config", Config.class, Config::getId, Config::getMeta, (o, m) -> o.toBuilder().setMeta(m).build());
    public static final Table<Resource> RESOURCES = new Table<>(
            7, "resource", Resource.class, Resource::getId, Resource::getMeta,
            (o, m) -> o.toBuilder().setMeta(m).build());
    public static final Table<Extension> EXTENSIONS = new Table<>(
            8, "extension", Extension.class, Extension::getId, Extension::getMeta,
            (o, m) -> o.toBuilder().setMeta(m).build());
    public static final Table<Volume> VOLUMES = new Table<>(
            10, "volume", Volume.class, Volume::getId, Volume::getMeta, (o, m) -> o.toBuilder().setMeta(m).build());

    /** All tables, in the order in which snapshots hold them. */
    public static final List<Table<?>> ALL = List.of(
            NODES, SERVICES, NETWORKS, TASKS, CLUSTERS, SECRETS, RESOURCES, EXTENSIONS, CONFIGS, VOLUMES);

    private final int number;
    private final String kind;
    private final Class<T> type;
    private final Function<T, String> id;
    private final Function<T, Meta> meta;
    private final BiFunction<T, Meta, T> withMeta;

    private Table(
            int number,
            String kind,
            Class<T> type,
            Function<T, String> id,
            Function<T, Meta> meta,
            BiFunction<T, Meta, T> withMeta) {
        this.number = number;
        this.kind = kind;
        this.type = type;
        this.id = id;
        this.meta = meta;
        this.withMeta = withMeta;
    }

    /** Its number in snapshots, from 1 in the order of {@link #ALL}: the field of StoreSnapshot. */
    public int number() {
        return number;
    }

    /** The kind as users see it, e.g. {@code service}. */
    public String kind() {
        return kind;
    }

    public Class<T> type() {
        return type;
    }

    public String id(T object) {
        return id.apply(object);
    }

    public Meta meta(T object) {
        return meta.apply(object);
    }

    public T withMeta(T object, Meta meta) {
        return withMeta.apply(object, meta);
    }

    @Override
    public String toString() {
        return kind;
    }
}
