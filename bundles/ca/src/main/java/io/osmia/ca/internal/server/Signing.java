package io.osmia.ca.internal.server;

import com.google.protobuf.ByteString;
import io.osmia.store.By;
import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.Store;
import io.osmia.store.StoreException;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.store.loop.Trouble;
import io.osmia.wire.swarmkit.Certificate;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.IssuanceStatus;
import io.osmia.wire.swarmkit.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs what nodes ask for (rule 7.7.7), with the root and the external CAs that the cluster has at that moment (rule
 * 7.7.9). What cannot be signed at present is tried again every 10 s and when the cluster's CA changes.
 */
final class Signing implements Reactor {

    static final Duration RETRY = Duration.ofSeconds(10);

    /** Written at once at most, so that the first of many nodes does not wait for the last. */
    private static final int GROUP = 32;

    private static final Logger LOG = LoggerFactory.getLogger(Signing.class);

    private final Store store;
    private final long term;
    private final String clusterId;
    private final Outside outside;

    private Authority authority = Authority.NONE;
    /** To be signed at the next tick, by node. */
    private final SequencedMap<String, SigningOrder> asked = new LinkedHashMap<>();
    /** Failed for now, by node; all of them are tried again at {@link #retryAt}. */
    private final SequencedMap<String, SigningOrder> waiting = new LinkedHashMap<>();
    /** With an external CA, by node. */
    private final Map<String, SigningOrder> away = new HashMap<>();
    /** What came back and is not stored yet. */
    private final SequencedMap<SigningOrder, Outcome> back = new LinkedHashMap<>();
    private Instant retryAt = Instant.MAX;
    private final Trouble trouble = new Trouble();

    Signing(Store store, long term, String clusterId, Outside outside) {
        this.store = store;
        this.term = term;
        this.clusterId = clusterId;
        this.outside = outside;
    }

    /** Has external CAs sign, away from the loop, and gives the outcome on the loop's thread. */
    interface Outside {
        void sign(Authority authority, SigningOrder order, Consumer<Outcome> outcome);
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.CLUSTERS, Table.NODES);
    }

    @Override
    public void start(View view, Instant now) {
        asked.clear();
        waiting.clear();
        away.clear();
        back.clear();
        retryAt = Instant.MAX;
        authority = Authority.of(view.get(Table.CLUSTERS, clusterId));
        for (Node node : view.find(Table.NODES, By.ALL)) {
            SigningOrder.of(node).ifPresent(order -> asked.put(node.getId(), order));
        }
    }

    @Override
    public void commit(Commit commit, Instant now) {
        for (Change<?> change : commit.changes()) {
            if (change.object() instanceof Node node) {
                changed(change.kind() == Change.Kind.REMOVE ? null : node, node.getId());
            } else if (change.object() instanceof Cluster cluster && cluster.getId().equals(clusterId)) {
                use(cluster);
            }
        }
    }

    private void changed(@Nullable Node node, String id) {
        Optional<SigningOrder> order = SigningOrder.of(node);
        if (order.isEmpty()) {
            asked.remove(id);
            waiting.remove(id);
        } else if (!order.get().equals(waiting.get(id)) && !order.get().equals(away.get(id))) {
            waiting.remove(id);
            asked.put(id, order.get());
        }
    }

    private void use(Cluster cluster) {
        if (!authority.isOf(cluster)) {
            authority = Authority.of(cluster);
            askAgain();
        }
    }

    private void askAgain() {
        asked.putAll(waiting);
        waiting.clear();
        retryAt = Instant.MAX;
    }

    @Override
    public void tick(Instant now) {
        if (!now.isBefore(retryAt)) {
            askAgain();
        }
        while (!asked.isEmpty() || !back.isEmpty()) {
            signGroup(now);
            storeGroup(now);
        }
    }

    private void signGroup(Instant now) {
        while (!asked.isEmpty() && back.size() < GROUP) {
            SigningOrder order = asked.pollFirstEntry().getValue();
            if (authority.isExternal()) {
                away.put(order.nodeId(), order);
                outside.sign(authority, order, outcome -> returned(order, outcome));
            } else {
                back.put(order, authority.sign(order, clusterId, now));
            }
        }
    }

    private void returned(SigningOrder order, Outcome outcome) {
        away.remove(order.nodeId(), order);
        back.put(order, outcome);
    }

    private void storeGroup(Instant now) {
        List<Consumer<Tx>> steps = new ArrayList<>();
        back.forEach((order, outcome) -> {
            switch (outcome) {
                case Outcome.Issued(ByteString chain) -> steps.add(tx -> settle(tx, order, issued(chain)));
                case Outcome.Refused(String why) -> {
                    LOG.warn("node {}: its certificate is not issued: {}", order.nodeId(), why);
                    steps.add(tx -> settle(tx, order, failed(why)));
                }
                case Outcome.Later(String why) -> later(order, why, now);
            }
        });
        back.clear();
        for (@Nullable StoreException refusal : store.batch(term, steps)) {
            if (refusal != null) {
                throw refusal;
            }
        }
    }

    private void later(SigningOrder order, String why, Instant now) {
        if (trouble.begins(why)) {
            LOG.warn("node {}: no certificate can be issued now, tried again every {} s: {}", order.nodeId(),
                    RETRY.toSeconds(), why);
        }
        if (!SigningOrder.of(store.view().get(Table.NODES, order.nodeId())).equals(Optional.of(order))) {
            return;
        }
        waiting.put(order.nodeId(), order);
        if (retryAt.equals(Instant.MAX)) {
            retryAt = now.plus(RETRY);
        }
    }

    /** Only when the node still asks for what was signed. */
    private static void settle(Tx tx, SigningOrder order, Certificate outcome) {
        Node node = tx.get(Table.NODES, order.nodeId());
        if (node != null && SigningOrder.of(node).equals(Optional.of(order))) {
            Certificate certificate = node.getCertificate().toBuilder().mergeFrom(outcome).build();
            tx.update(Table.NODES, node.toBuilder().setCertificate(certificate).build());
        }
    }

    private static Certificate issued(ByteString chain) {
        return Certificate.newBuilder()
                .setCertificate(chain)
                .setStatus(IssuanceStatus.newBuilder().setState(IssuanceStatus.State.ISSUED))
                .build();
    }

    private static Certificate failed(String why) {
        return Certificate.newBuilder()
                .setStatus(IssuanceStatus.newBuilder().setState(IssuanceStatus.State.FAILED).setErr(why))
                .build();
    }

    @Override
    public @Nullable Instant deadline() {
        return retryAt.equals(Instant.MAX) ? null : retryAt;
    }
}
