package io.osmia.control.internal.calls;

import io.osmia.ca.CaConfiguration;
import io.osmia.ca.CaRefusedException;
import io.osmia.control.internal.rules.ClusterRules;
import io.osmia.control.internal.rules.Refusal;
import io.osmia.control.internal.support.SupportedFields;
import io.osmia.control.internal.support.Unsupported;
import io.osmia.roles.Credentials;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.EncryptionKey;
import io.osmia.wire.swarmkit.JoinTokens;
import io.osmia.wire.swarmkit.KeyRotation;
import io.osmia.wire.swarmkit.RootCA;
import io.osmia.wire.swarmkit.UpdateClusterRequest;
import io.osmia.wire.swarmkit.UpdateClusterResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes of the cluster object (rule 1.8). No answer holds a key. */
public final class ClusterCalls {

    private final StoreAccess store;
    private final JoinTokenSource tokens;
    private final UnlockKeySource unlockKeys;
    private final CaConfiguration ca;

    public ClusterCalls(StoreAccess store, JoinTokenSource tokens, UnlockKeySource unlockKeys, CaConfiguration ca) {
        this.store = store;
        this.tokens = tokens;
        this.unlockKeys = unlockKeys;
        this.ca = ca;
    }

    public UpdateClusterResponse update(UpdateClusterRequest request) {
        StoreAccess.need(!request.getClusterId().isEmpty() && request.hasClusterVersion() && request.hasSpec());
        Refusal.raise(ClusterRules.check(request.getSpec()));
        Cluster seen = store.write(tx -> existing(tx.get(Table.CLUSTERS, request.getClusterId()), request));
        RootCA root = nextRoot(seen, request);
        Cluster updated = store.write(tx -> update(tx, request, root));
        return UpdateClusterResponse.newBuilder()
                .setCluster(Redaction.cluster(updated))
                .build();
    }

    /** The stored cluster, if it is the one that the request speaks of and nothing is asked that nobody honours. */
    private static Cluster existing(@Nullable Cluster stored, UpdateClusterRequest request) {
        if (stored == null) {
            throw Refusal.notFound(Table.CLUSTERS.kind(), request.getClusterId()).exception();
        }
        StoreAccess.sameVersion(Table.CLUSTERS, stored, request.getClusterVersion());
        Refusal.raise(Unsupported.in(
                SupportedFields.CLUSTER, request.getSpec(), Redaction.cluster(stored).getSpec()));
        return stored;
    }

    /** Asks external CAs perhaps, and so is done before the transaction, which takes it for this version only. */
    private RootCA nextRoot(Cluster seen, UpdateClusterRequest request) {
        try {
            return ca.next(seen.getRootCa(), request.getSpec().getCaConfig());
        } catch (CaRefusedException refused) {
            throw new Refusal(refused.code(), refused.getMessage()).exception();
        }
    }

    /** Rule 1.8.2, one transaction. */
    private Cluster update(Tx tx, UpdateClusterRequest request, RootCA root) {
        Cluster stored = existing(tx.get(Table.CLUSTERS, request.getClusterId()), request);
        Cluster.Builder changed = Blacklist.purged(stored, store.now()).toBuilder();
        changed.setSpec(request.getSpec());
        changed.setRootCa(root.toBuilder().setJoinTokens(rotated(root.getJoinTokens(), request.getRotation())));
        boolean locked = request.getSpec().getEncryptionConfig().getAutoLockManagers();
        List<EncryptionKey> keys = unlockKeys(stored, locked, request.getRotation().getManagerUnlockKey());
        changed.clearUnlockKeys().addAllUnlockKeys(keys);
        return tx.update(Table.CLUSTERS, changed.build());
    }

    /** The keys of other subsystems stay. */
    private List<EncryptionKey> unlockKeys(Cluster stored, boolean locked, boolean rotate) {
        List<EncryptionKey> keys = new ArrayList<>(stored.getUnlockKeysList());
        Optional<EncryptionKey> present = keys.stream().filter(ClusterCalls::isOfManagers).findFirst();
        if (locked && present.isPresent() && !rotate) {
            return keys;
        }
        keys.removeIf(ClusterCalls::isOfManagers);
        if (locked) {
            keys.add(EncryptionKey.newBuilder()
                    .setSubsystem(Credentials.MANAGER_NAME)
                    .setKey(unlockKeys.next())
                    .build());
        }
        return keys;
    }

    private static boolean isOfManagers(EncryptionKey key) {
        return key.getSubsystem().equals(Credentials.MANAGER_NAME);
    }

    private JoinTokens rotated(JoinTokens stored, KeyRotation rotation) {
        JoinTokens.Builder rotated = stored.toBuilder();
        if (rotation.getWorkerJoinToken()) {
            rotated.setWorker(tokens.successor(stored.getWorker()));
        }
        if (rotation.getManagerJoinToken()) {
            rotated.setManager(tokens.successor(stored.getManager()));
        }
        return rotated.build();
    }
}
