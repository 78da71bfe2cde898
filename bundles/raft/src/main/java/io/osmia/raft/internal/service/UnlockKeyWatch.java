package io.osmia.raft.internal.service;

import com.google.protobuf.ByteString;
import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.EncryptionKey;
import io.osmia.store.Tx;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Has the log key changed when the managers get an unlock key, or another one; not when they lose it (rule 7.12.5). For which
 * unlock key the log key was made stands in the cluster object, so that a leader goes on where the former one ended.
 */
final class UnlockKeyWatch implements Reactor {

    private static final String UNLOCK_KEY = "swarm-manager";

    /** Entry beside the unlock key: its key is the fingerprint of the unlock key that the log key was made for. */
    private static final String MADE_FOR = "osmia-log-key";

    private final String clusterId;
    private final Consumer<Function<Tx, Boolean>> change;

    /** What the mark has to say once the log key is made; empty when nothing is to be done. */
    private ByteString due = ByteString.EMPTY;

    /** @param change makes a new log key, then runs the transaction that notes it; called again after a second when it throws */
    UnlockKeyWatch(String clusterId, Consumer<Function<Tx, Boolean>> change) {
        this.clusterId = clusterId;
        this.change = change;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.CLUSTERS);
    }

    @Override
    public void start(View view, Instant now) {
        Cluster cluster = view.get(Table.CLUSTERS, clusterId);
        if (cluster != null) {
            see(cluster);
        }
    }

    @Override
    public void commit(Commit commit, Instant now) {
        for (Change<?> change : commit.changes()) {
            if (change.object() instanceof Cluster cluster && cluster.getId().equals(clusterId)) {
                see(cluster);
            }
        }
    }

    private void see(Cluster cluster) {
        ByteString wanted = wanted(cluster);
        due = wanted.equals(key(cluster, MADE_FOR)) ? ByteString.EMPTY : wanted;
    }

    /** What the mark has to say; empty without an unlock key. */
    private static ByteString wanted(Cluster cluster) {
        ByteString unlockKey = key(cluster, UNLOCK_KEY);
        boolean locked = cluster.getSpec().getEncryptionConfig().getAutoLockManagers() && !unlockKey.isEmpty();
        return locked ? fingerprint(unlockKey) : ByteString.EMPTY;
    }

    private static ByteString fingerprint(ByteString key) {
        try {
            return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(key.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a JDK without SHA-256", e);
        }
    }

    private static ByteString key(Cluster cluster, String subsystem) {
        return cluster.getUnlockKeysList().stream()
                .filter(key -> key.getSubsystem().equals(subsystem))
                .map(EncryptionKey::getKey)
                .findFirst()
                .orElse(ByteString.EMPTY);
    }

    @Override
    public void tick(Instant now) {
        if (!due.isEmpty()) {
            ByteString madeFor = due;
            change.accept(tx -> note(tx, madeFor));
            due = ByteString.EMPTY;
        }
    }

    private boolean note(Tx tx, ByteString madeFor) {
        Cluster cluster = tx.get(Table.CLUSTERS, clusterId);
        if (cluster == null) {
            return false;
        }
        List<EncryptionKey> others = cluster.getUnlockKeysList().stream()
                .filter(key -> !key.getSubsystem().equals(MADE_FOR))
                .toList();
        EncryptionKey mark = EncryptionKey.newBuilder()
                .setSubsystem(MADE_FOR)
                .setKey(madeFor)
                .build();
        tx.update(
                Table.CLUSTERS,
                cluster.toBuilder().clearUnlockKeys().addAllUnlockKeys(others).addUnlockKeys(mark).build());
        return true;
    }

    @Override
    public @Nullable Instant deadline() {
        return null;
    }
}
