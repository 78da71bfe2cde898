package io.osmia.ca.internal.server;

import io.osmia.ca.CaException;
import io.osmia.store.By;
import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.Store;
import io.osmia.store.StoreException;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.IssuanceStatus;
import io.osmia.wire.swarmkit.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the cluster to another root (rules 7.10.6 to 7.10.8): in rounds it tells nodes to renew, a few at a time, until all
 * have a certificate of the new root, which then becomes the only one. Knows nothing from one round to the next, so a root
 * that changes on the way is simply the one that the next round goes to.
 */
final class RootRotationReconciler implements Reactor {

    static final Duration INTERVAL = Duration.ofSeconds(3);
    static final int NODES_PER_ROUND = 30;

    private static final Logger LOG = LoggerFactory.getLogger(RootRotationReconciler.class);

    private final Store store;
    private final long term;
    private final String clusterId;
    private final RandomGenerator random;
    private boolean rotating;
    private Instant nextRound = Instant.MIN;

    /** @param random must be fit for secrets */
    RootRotationReconciler(Store store, long term, String clusterId, RandomGenerator random) {
        this.store = store;
        this.term = term;
        this.clusterId = clusterId;
        this.random = random;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.CLUSTERS, Table.NODES);
    }

    @Override
    public void start(View view, Instant now) {
        rotating = isRotating(view.get(Table.CLUSTERS, clusterId));
    }

    @Override
    public void commit(Commit commit, Instant now) {
        for (Change<?> change : commit.changes()) {
            if (change.object() instanceof Cluster cluster && cluster.getId().equals(clusterId)) {
                rotating = isRotating(cluster);
            }
        }
    }

    private static boolean isRotating(@Nullable Cluster cluster) {
        return cluster != null && cluster.getRootCa().hasRootRotation();
    }

    @Override
    public void tick(Instant now) {
        if (rotating && !now.isBefore(nextRound)) {
            nextRound = now.plus(INTERVAL);
            round(store.view());
        }
    }

    private void round(View view) {
        Cluster cluster = view.get(Table.CLUSTERS, clusterId);
        if (cluster == null || !isRotating(cluster)) {
            return;
        }
        RootTarget target;
        try {
            target = RootTarget.of(cluster.getRootCa().getRootRotation());
        } catch (CaException unreadable) {
            LOG.error("cluster {}: its root cannot be rotated: {}", clusterId, unreadable.getMessage());
            return;
        }
        List<Node> behind = view.find(Table.NODES, By.ALL).stream()
                .filter(node -> !target.isReachedBy(node))
                .toList();
        if (behind.isEmpty()) {
            finish(target);
        } else {
            rotate(target, behind);
        }
    }

    private void rotate(RootTarget target, List<Node> behind) {
        List<Consumer<Tx>> steps = behind.stream()
                .filter(node -> !isOnItsWay(node))
                .limit(NODES_PER_ROUND)
                .<Consumer<Tx>>map(node -> tx -> rotate(tx, target, node.getId()))
                .toList();
        for (@Nullable StoreException refusal : store.batch(term, steps)) {
            if (refusal != null) {
                throw refusal;
            }
        }
    }

    private static void rotate(Tx tx, RootTarget target, String nodeId) {
        Node node = tx.get(Table.NODES, nodeId);
        if (node != null && !target.isReachedBy(node) && !isOnItsWay(node)) {
            Node.Builder told = node.toBuilder();
            told.getCertificateBuilder()
                    .setStatus(IssuanceStatus.newBuilder().setState(IssuanceStatus.State.ROTATE));
            tx.update(Table.NODES, told.build());
        }
    }

    private static boolean isOnItsWay(Node node) {
        return switch (node.getCertificate().getStatus().getState()) {
            case RENEW, PENDING, ROTATE -> true;
            default -> false;
        };
    }

    private void finish(RootTarget target) {
        String hash = store.update(term, tx -> finish(tx, target));
        if (hash.isEmpty()) {
            LOG.info("cluster {}: target root rotation has changed", clusterId);
        } else {
            LOG.info("cluster {}: all nodes have certificates of the new root {}; join tokens are new", clusterId,
                    hash);
        }
    }

    /** Hash of the new root; empty when it is no longer the one to go to, or a node has come that is behind. */
    private String finish(Tx tx, RootTarget target) {
        Cluster cluster = tx.get(Table.CLUSTERS, clusterId);
        if (cluster == null
                || !target.isTargetOf(cluster.getRootCa())
                || !tx.find(Table.NODES, By.ALL).stream().allMatch(target::isReachedBy)) {
            return "";
        }
        Cluster arrived = cluster.toBuilder()
                .setRootCa(RootTarget.arrived(cluster.getRootCa(), random))
                .build();
        return tx.update(Table.CLUSTERS, arrived).getRootCa().getCaCertHash();
    }

    @Override
    public @Nullable Instant deadline() {
        return rotating ? nextRound : null;
    }
}
