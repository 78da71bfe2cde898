package io.osmia.ca.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.osmia.ca.CaException;
import io.osmia.store.Commit;
import io.osmia.store.LocalStore;
import io.osmia.store.Subscription;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rule 7.12.5: every manager follows the cluster object. */
@DisplayName("MGR-006")
class KeyFileKeeperTest {

    private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");

    private final LocalStore store = new LocalStore(() -> NOW);
    private final Subscription commits = store.subscribe("test", 100);
    private final List<String> applied = new ArrayList<>();
    private Optional<CaException> failure = Optional.empty();
    private final KeyFileKeeper keeper = new KeyFileKeeper("cluster1", this::apply);

    private void apply(Optional<byte[]> key, long version) {
        if (failure.isPresent()) {
            throw failure.get();
        }
        applied.add(key.map(bytes -> bytes.length).orElse(0) + " v" + version);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void commit(Cluster.Builder cluster) throws InterruptedException {
        store.update(1, tx -> tx.get(Table.CLUSTERS, cluster.getId()) == null
                ? tx.create(Table.CLUSTERS, cluster.build())
                : tx.update(Table.CLUSTERS, cluster.build()));
        if (commits.poll(Duration.ofSeconds(10)) instanceof Subscription.Committed(Commit commit)) {
            keeper.commit(commit, NOW);
        }
        keeper.tick(NOW);
    }

    private static Cluster.Builder cluster(String id) {
        Cluster.Builder cluster = Cluster.newBuilder().setId(id);
        cluster.getSpecBuilder().getAnnotationsBuilder().setName(id);
        cluster.addUnlockKeysBuilder().setSubsystem("other").setKey(ByteString.copyFrom(new byte[16]));
        return cluster;
    }

    private Cluster.Builder locked() {
        Cluster present = store.view().get(Table.CLUSTERS, "cluster1");
        Cluster.Builder cluster = present == null ? cluster("cluster1") : present.toBuilder();
        cluster.addUnlockKeysBuilder().setSubsystem("swarm-manager").setKey(ByteString.copyFrom(new byte[32]));
        return cluster;
    }

    @Test
    void theKeyOfTheManagersIsAppliedWithTheVersionOfTheCluster() throws Exception {
        keeper.start(commits.start(), NOW);
        keeper.tick(NOW);
        assertThat(applied).isEmpty();

        commit(cluster("cluster1"));
        commit(locked());

        long version = store.view().get(Table.CLUSTERS, "cluster1").getMeta().getVersion().getIndex();
        assertThat(applied).hasSize(2).endsWith("32 v" + version);
        assertThat(applied.getFirst()).startsWith("0 v");
        assertThat(keeper.deadline()).isNull();
    }

    @Test
    void anotherClusterDoesNotCount() throws Exception {
        keeper.start(commits.start(), NOW);

        commit(cluster("cluster2"));

        assertThat(applied).isEmpty();
    }

    @Test
    void whatFailsIsTriedAgain() throws Exception {
        failure = Optional.of(new CaException("disk full"));
        keeper.start(commits.start(), NOW);
        commit(locked());
        assertThat(applied).isEmpty();
        assertThat(keeper.deadline()).isEqualTo(NOW.plusSeconds(10));
        failure = Optional.empty();

        keeper.tick(NOW.plusSeconds(9));
        assertThat(applied).isEmpty();
        keeper.tick(NOW.plusSeconds(10));

        assertThat(applied).hasSize(1);
        assertThat(keeper.deadline()).isNull();
    }
}
