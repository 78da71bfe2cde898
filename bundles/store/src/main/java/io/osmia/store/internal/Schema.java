package io.osmia.store.internal;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.Config;
import io.osmia.wire.swarmkit.Extension;
import io.osmia.wire.swarmkit.Network;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Resource;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.Volume;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A table with the parser of its objects and its indices (rules 1.2.5, 1.2.9). */
final class Schema<T extends Message> {

    /** By {@link Table#number()} - 1. */
    static final List<Schema<?>> ALL = List.of(
            new Schema<>(Table.NODES, Node.parser(), Keys.NODE),
            new Schema<>(Table.SERVICES, Service.parser(), Keys.SERVICE),
            new Schema<>(Table.NETWORKS, Network.parser(), Keys.named((Network o) -> o.getSpec().getAnnotations())),
            new Schema<>(Table.TASKS, Task.parser(), Keys.TASK),
            new Schema<>(Table.CLUSTERS, Cluster.parser(), Keys.named((Cluster o) -> o.getSpec().getAnnotations())),
            new Schema<>(Table.SECRETS, Secret.parser(), Keys.named((Secret o) -> o.getSpec().getAnnotations())),
            new Schema<>(
                    Table.RESOURCES,
                    Resource.parser(),
                    Keys.named(Resource::getAnnotations, Index.one(IndexName.KIND, Resource::getKind))),
            new Schema<>(Table.EXTENSIONS, Extension.parser(), Keys.named(Extension::getAnnotations)),
            new Schema<>(Table.CONFIGS, Config.parser(), Keys.named((Config o) -> o.getSpec().getAnnotations())),
            new Schema<>(Table.VOLUMES, Volume.parser(), Keys.VOLUME));

    private final Table<T> table;
    private final Parser<T> parser;
    private final List<Index<T>> indices;
    private final int[] places = new int[IndexName.values().length];

    private Schema(Table<T> table, Parser<T> parser, List<Index<T>> indices) {
        this.table = table;
        this.parser = parser;
        this.indices = indices;
        for (int i = 0; i < indices.size(); i++) {
            places[indices.get(i).name().ordinal()] = i + 1;
        }
    }

    Table<T> table() {
        return table;
    }

    Parser<T> parser() {
        return parser;
    }

    List<Index<T>> indices() {
        return indices;
    }

    /** Place of an index in {@link #indices}; refuses one that the table has not. */
    int place(IndexName name) {
        int place = places[name.ordinal()];
        if (place == 0) {
            throw new IllegalArgumentException("invalid find argument type");
        }
        return place - 1;
    }

    /** The index that holds a key for one object only, if the table has one. */
    @Nullable
    Index<T> unique() {
        Index<T> name = Objects.requireNonNull(indices.getFirst());
        return name.unique() ? name : null;
    }
}
