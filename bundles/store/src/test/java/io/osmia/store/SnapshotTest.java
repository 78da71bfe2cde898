package io.osmia.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.store.Subscription.Resync;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** STO-009: saving and restoring. */
class SnapshotTest {

    private final StoreMachine source = new StoreMachine();
    private final StoreMachine target = new StoreMachine();

    @BeforeEach
    void fill() {
        source.apply(source.propose(Instant.EPOCH, tx -> {
            tx.create(Table.NODES, Samples.node("n1", "host"));
            tx.create(Table.SERVICES, Samples.service("s1", "one"));
            tx.create(Table.TASKS, Samples.task("t1", "s1", 1, "n1"));
            tx.create(Table.TASKS, Samples.task("t2", "s1", 2, "n1"));
            tx.create(Table.NETWORKS, Samples.network("w1", "net"));
            tx.create(Table.CLUSTERS, Samples.cluster("c1", "default"));
            tx.create(Table.SECRETS, Samples.secret("x1", "secret"));
            tx.create(Table.CONFIGS, Samples.config("f1", "config"));
            tx.create(Table.EXTENSIONS, Samples.extension("e1", "kind"));
            tx.create(Table.RESOURCES, Samples.resource("r1", "resource", "kind"));
            return tx.create(Table.VOLUMES, Samples.volume("v1", "volume"));
        })
                .transaction());
        source.apply(source.propose(Instant.EPOCH, tx -> tx.update(Table.TASKS, tx.get(Table.TASKS, "t2")))
                .transaction());
    }

    private byte[] snapshot() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        source.writeSnapshot(source.committed(), out);
        return out.toByteArray();
    }

    @Test
    @DisplayName("STO-009 a store with other content becomes equal")
    void aStoreWithOtherContentBecomesEqual() throws IOException, InterruptedException {
        target.apply(target.propose(Instant.EPOCH, tx -> {
            tx.create(Table.SERVICES, Samples.service("s1", "other name"));
            return tx.create(Table.SERVICES, Samples.service("s9", "one"));
        })
                .transaction());
        target.propose(Instant.EPOCH, tx -> tx.create(Table.SERVICES, Samples.service("s8", "pending")));
        Subscription subscription = target.subscribe("test", 10);

        target.restore(new ByteArrayInputStream(snapshot()));

        for (Table<?> table : Table.ALL) {
            assertThat(target.committed().count(table)).as(table.kind()).isPositive();
            assertThat(target.committed().find(table, By.ALL)).isEqualTo(source.committed().find(table, By.ALL));
        }
        assertThat(target.committed().version()).isEqualTo(2);
        assertThat(target.committed().find(Table.SERVICES, By.name("other name"))).isEmpty();
        assertThat(target.committed().find(Table.TASKS, By.service("s1"))).hasSize(2);
        assertThat(target.pending()).isZero();
        assertThat(target.tentative()).isSameAs(target.committed());
        assertThat(subscription.poll(Duration.ZERO)).isEqualTo(new Resync(target.committed()));
        assertThat(target.propose(Instant.EPOCH, tx -> tx.create(Table.SERVICES, Samples.service("s2", "two")))
                .version())
                .isEqualTo(3);
    }

    @Test
    void anOlderViewCanBeWrittenWhileTheStoreGoesOn() throws IOException {
        View old = source.committed();
        source.apply(source.propose(Instant.EPOCH, tx -> {
            tx.delete(Table.TASKS, "t1");
            return 0;
        })
                .transaction());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        source.writeSnapshot(old, out);

        target.restore(new ByteArrayInputStream(out.toByteArray()));

        assertThat(target.committed().find(Table.TASKS, By.ALL)).isEqualTo(old.find(Table.TASKS, By.ALL));
    }

    @Test
    void aSnapshotThatIsCutOffAnywhereIsRefusedAndChangesNothing() throws IOException {
        byte[] whole = snapshot();
        View before = target.committed();
        for (int length = 0; length < whole.length; length++) {
            ByteArrayInputStream cut = new ByteArrayInputStream(whole, 0, length);
            assertThatThrownBy(() -> target.restore(cut)).isInstanceOf(IOException.class);
        }
        assertThat(target.committed()).isSameAs(before);
    }

    @Test
    void aSnapshotWithAWrongBitAnywhereIsRefused() throws IOException {
        byte[] bytes = snapshot();
        for (int at = 0; at < bytes.length; at++) {
            bytes[at] ^= 4;
            ByteArrayInputStream damaged = new ByteArrayInputStream(bytes);
            assertThatThrownBy(() -> target.restore(damaged))
                    .as("byte " + at)
                    .isInstanceOf(IOException.class);
            bytes[at] ^= 4;
        }
    }

    @Test
    void aNewerFormatIsRefusedWithBothNumbers() throws IOException {
        byte[] bytes = snapshot();
        bytes[7] = 9;

        assertThatThrownBy(() -> target.restore(new ByteArrayInputStream(bytes)))
                .hasMessage("snapshot has format 9, this version reads 1");
    }
}
