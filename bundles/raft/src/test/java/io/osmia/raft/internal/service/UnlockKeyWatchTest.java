package io.osmia.raft.internal.service;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.osmia.raft.MemoryKeys;
import io.osmia.roles.Registration;
import io.osmia.roles.Membership;
import io.osmia.store.Commit;
import io.osmia.store.StoreMachine;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.ClusterSpec;
import io.osmia.wire.swarmkit.EncryptionConfig;
import io.osmia.wire.swarmkit.EncryptionKey;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UnlockKeyWatchTest {

    private static final Instant NOW = Instant.EPOCH;

    private final StoreMachine machine = new StoreMachine();
    private final AtomicInteger changes = new AtomicInteger();
    private final UnlockKeyWatch watch = watch();

    /** Notes that it has made a key, as the component does. */
    private UnlockKeyWatch watch() {
        return new UnlockKeyWatch("c", note -> {
            changes.incrementAndGet();
            machine.apply(machine.propose(NOW, note).transaction());
        });
    }

    private void cluster(boolean locked, String key, boolean first) {
        Cluster.Builder cluster = first
                ? Cluster.newBuilder().setId("c")
                : machine.committed().get(Table.CLUSTERS, "c").toBuilder();
        List<EncryptionKey> others = cluster.getUnlockKeysList().stream()
                .filter(other -> !other.getSubsystem().equals("swarm-manager"))
                .toList();
        Cluster next = cluster.setSpec(ClusterSpec.newBuilder()
                .setEncryptionConfig(EncryptionConfig.newBuilder().setAutoLockManagers(locked)))
                .clearUnlockKeys()
                .addAllUnlockKeys(others)
                .addUnlockKeys(EncryptionKey.newBuilder()
                        .setSubsystem("swarm-manager")
                        .setKey(ByteString.copyFromUtf8(key)))
                .build();
        Commit commit = machine.apply(machine.propose(
                NOW, tx -> first ? tx.create(Table.CLUSTERS, next) : tx.update(Table.CLUSTERS, next))
                .transaction());
        if (first) {
            watch.start(machine.committed(), NOW);
        } else {
            watch.commit(commit, NOW);
        }
        watch.tick(NOW);
    }

    @Test
    @DisplayName("RAF-025 in intent: the log key changes when the managers are locked and when the unlock key is rotated")
    void theLogKeyFollowsTheUnlockKey() {
        cluster(false, "", true);
        assertThat(changes).hasValue(0);
        cluster(true, "one", false);
        assertThat(changes).as("locked").hasValue(1);
        cluster(true, "one", false);
        assertThat(changes).as("the same key").hasValue(1);
        cluster(true, "two", false);
        assertThat(changes).as("another key").hasValue(2);
        cluster(false, "two", false);
        assertThat(changes).as("unlocked").hasValue(2);
    }

    @Test
    void aNewLeaderEndsWhatItsPredecessorLeftUndone() {
        cluster(true, "one", true);
        assertThat(changes).as("nobody had made a log key for it").hasValue(1);

        UnlockKeyWatch next = watch();
        next.start(machine.committed(), NOW);
        next.tick(NOW);
        assertThat(changes).as("done by the former leader").hasValue(1);
    }

    @Test
    void aNewKeyHasAVersionThatNoOtherLeaderGives() {
        MemoryKeys keys = MemoryKeys.first();
        NewLogKey change = new NewLogKey(keys, alone(), (address, name) -> {
            throw new AssertionError("nobody to call");
        }, "node1");
        change.make(3);
        assertThat(keys.current()).isEqualTo(3 << 8);
        change.make(3);
        assertThat(keys.current()).isEqualTo((3 << 8) + 1);
        change.make(4);
        assertThat(keys.current()).isEqualTo(4 << 8);
    }

    private static Membership alone() {
        return new Membership() {
            @Override
            public List<Member> members() {
                return List.of(new Member(1, "node1", "127.0.0.1:1", "", true, true));
            }

            @Override
            public Registration onChange(Runnable listener) {
                return () -> {};
            }
        };
    }
}
