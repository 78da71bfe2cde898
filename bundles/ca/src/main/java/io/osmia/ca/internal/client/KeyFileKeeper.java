package io.osmia.ca.internal.client;

import io.osmia.ca.CaException;
import io.osmia.ca.KeyFile;
import io.osmia.roles.Credentials;
import io.osmia.store.Commit;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.EncryptionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the key file of this manager under the unlock key that the cluster object names (rule 7.12.5). */
final class KeyFileKeeper implements Reactor {

    private static final Logger LOG = LoggerFactory.getLogger(KeyFileKeeper.class);
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final String clusterId;
    private final KeyFile keyFile;
    private @Nullable Cluster wanted;
    private @Nullable Instant retryAt;

    KeyFileKeeper(String clusterId, KeyFile keyFile) {
        this.clusterId = clusterId;
        this.keyFile = keyFile;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.CLUSTERS);
    }

    @Override
    public void start(View view, Instant now) {
        want(view.get(Table.CLUSTERS, clusterId));
    }

    @Override
    public void commit(Commit commit, Instant now) {
        if (commit.changes().stream().anyMatch(change -> change.table() == Table.CLUSTERS)) {
            want(commit.after().get(Table.CLUSTERS, clusterId));
        }
    }

    private void want(@Nullable Cluster cluster) {
        wanted = cluster;
        retryAt = null;
    }

    @Override
    public void tick(Instant now) {
        Cluster cluster = wanted;
        if (cluster == null || (retryAt != null && now.isBefore(retryAt))) {
            return;
        }
        try {
            keyFile.unlockKey(unlockKey(cluster), cluster.getMeta().getVersion().getIndex());
            want(null);
        } catch (CaException e) {
            LOG.warn("cluster {}: the unlock key of version {} is not applied to the key file: {}", clusterId,
                    cluster.getMeta().getVersion().getIndex(), e.getMessage());
            retryAt = now.plus(RETRY);
        }
    }

    private static Optional<byte[]> unlockKey(Cluster cluster) {
        return cluster.getUnlockKeysList().stream()
                .filter(key -> key.getSubsystem().equals(Credentials.MANAGER_NAME))
                .findFirst()
                .map(EncryptionKey::getKey)
                .map(key -> key.toByteArray());
    }

    @Override
    public @Nullable Instant deadline() {
        return retryAt;
    }
}
