package io.osmia.raft.internal.service;

import com.google.protobuf.ByteString;
import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.EncryptionKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Acts when the managers get an unlock key, or another one; not when they lose it (rule 7.12.5). */
final class UnlockKeyWatch implements Reactor {

    private static final String SUBSYSTEM = "swarm-manager";

    private final String clusterId;
    private final Runnable changed;
    private @Nullable ByteString known;
    private boolean due;

    /** @param changed called again after a second when it throws */
    UnlockKeyWatch(String clusterId, Runnable changed) {
        this.clusterId = clusterId;
        this.changed = changed;
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
        ByteString key = unlockKey(cluster);
        due |= known != null && !key.isEmpty() && !key.equals(known);
        known = key;
    }

    private static ByteString unlockKey(Cluster cluster) {
        if (!cluster.getSpec().getEncryptionConfig().getAutoLockManagers()) {
            return ByteString.EMPTY;
        }
        return cluster.getUnlockKeysList().stream()
                .filter(key -> key.getSubsystem().equals(SUBSYSTEM))
                .map(EncryptionKey::getKey)
                .findFirst()
                .orElse(ByteString.EMPTY);
    }

    @Override
    public void tick(Instant now) {
        if (due) {
            changed.run();
            due = false;
        }
    }

    @Override
    public @Nullable Instant deadline() {
        return null;
    }
}
