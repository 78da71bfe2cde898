package io.osmia.control.listener;

import com.google.protobuf.Message;
import io.osmia.store.By;
import io.osmia.store.Store;
import io.osmia.store.StoreException;
import io.osmia.store.Subscription;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.BlacklistedCertificate;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Holds a cluster object with some removed nodes, the nodes that it is given, and nothing else. */
final class BlacklistingStore implements Store, View {

    private final Cluster cluster;
    private final Map<String, Node> nodes = new HashMap<>();

    BlacklistingStore(String... removed) {
        Cluster.Builder builder = Cluster.newBuilder().setId(ListenerFixture.CLUSTER);
        for (String node : removed) {
            builder.putBlacklistedCertificates(node, BlacklistedCertificate.getDefaultInstance());
        }
        cluster = builder.build();
    }

    BlacklistingStore with(Node node) {
        nodes.put(node.getId(), node);
        return this;
    }

    @Override
    public View view() {
        return this;
    }

    @Override
    public <T extends Message> @Nullable T get(Table<T> table, String id) {
        if (table == Table.NODES) {
            Node node = nodes.get(id);
            return node == null ? null : table.type().cast(node);
        }
        return table == Table.CLUSTERS && id.equals(cluster.getId()) ? table.type().cast(cluster) : null;
    }

    @Override
    public long version() {
        return 1;
    }

    @Override
    public <T extends Message> List<T> find(Table<T> table, By by) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int count(Table<?> table) {
        return table == Table.CLUSTERS ? 1 : 0;
    }

    @Override
    public Subscription subscribe(String name, int capacity) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <R> CompletableFuture<R> submit(long term, Function<Tx, R> body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <R> R update(long term, Function<Tx, R> body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<@Nullable StoreException> batch(long term, List<Consumer<Tx>> steps) {
        throw new UnsupportedOperationException();
    }
}
