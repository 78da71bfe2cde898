package io.osmia.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import com.google.protobuf.Timestamp;
import io.osmia.store.StoreException.Reason;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What one transaction does to versions, times and readers. */
class TransactionsTest {

    private Instant now = Instant.ofEpochSecond(1000, 5);
    private final LocalStore store = new LocalStore(() -> now);

    private Service create(String id, String name) {
        return store.update(1, tx -> tx.create(Table.SERVICES, Samples.service(id, name)));
    }

    @Test
    @DisplayName("STO-006 a failing transaction stores nothing and tells nobody")
    void aFailingTransactionLeavesNoTrace() throws InterruptedException {
        create("s1", "one");
        View before = store.view();
        Subscription subscription = store.subscribe("test", 10);

        assertThatThrownBy(() -> store.update(1, tx -> {
            tx.create(Table.SERVICES, Samples.service("s2", "two"));
            tx.delete(Table.SERVICES, "s1");
            throw new IllegalStateException("changed my mind");
        }))
                .hasMessage("changed my mind");

        assertThat(store.view()).isSameAs(before);
        assertThat(subscription.poll(Duration.ZERO)).isNull();
    }

    @Test
    void theFutureOfAFailingTransactionHoldsWhatTheBodyThrew() {
        assertThat(store.submit(1, tx -> {
            throw new IllegalStateException("changed my mind");
        }))
                .isCompletedExceptionally();
    }

    @Test
    @DisplayName("STO-007 versions rise by one and are shared by a transaction; times are kept")
    void metaIsMaintained() {
        Service created = create("s1", "one");
        Instant createdAt = now;
        now = now.plusSeconds(60);
        Service updated = store.update(1, tx -> {
            tx.create(Table.SERVICES, Samples.service("s2", "two"));
            return tx.update(Table.SERVICES, created);
        });

        assertThat(created.getMeta().getVersion().getIndex()).isEqualTo(1);
        assertThat(updated.getMeta().getVersion().getIndex()).isEqualTo(2);
        assertThat(store.view().get(Table.SERVICES, "s2").getMeta().getVersion().getIndex())
                .isEqualTo(2);
        assertThat(store.view().version()).isEqualTo(2);
        assertThat(updated.getMeta().getCreatedAt()).isEqualTo(timestamp(createdAt));
        assertThat(updated.getMeta().getUpdatedAt()).isEqualTo(timestamp(now));
    }

    @Test
    @DisplayName("STO-007 a stale version is out of sequence; a delete asks for none")
    void staleVersionsAreRefused() {
        Service first = create("s1", "one");
        store.update(1, tx -> tx.update(Table.SERVICES, first));

        assertThatThrownBy(() -> store.update(1, tx -> tx.update(Table.SERVICES, first)))
                .hasMessage("update out of sequence");
        Service fromTheFuture = first.toBuilder()
                .setMeta(first.getMeta().toBuilder()
                        .setVersion(Version.newBuilder().setIndex(99)))
                .build();
        assertThatThrownBy(() -> store.update(1, tx -> tx.update(Table.SERVICES, fromTheFuture)))
                .hasMessage("update out of sequence");
        store.update(1, tx -> {
            tx.delete(Table.SERVICES, "s1");
            return 0;
        });
        assertThat(store.view().count(Table.SERVICES)).isZero();
    }

    @Test
    void theCallersMetaCountsForNothingButTheVersion() {
        Service created = create("s1", "one");
        Service forged = created.toBuilder()
                .setMeta(created.getMeta().toBuilder()
                        .setCreatedAt(Timestamp.newBuilder().setSeconds(1)))
                .build();

        Service stored = store.update(1, tx -> tx.update(Table.SERVICES, forged));

        assertThat(stored.getMeta().getCreatedAt())
                .isEqualTo(created.getMeta().getCreatedAt());
    }

    @Test
    void aTransactionSeesItsOwnChangesAndReadersDoNot() {
        create("s1", "one");
        store.update(1, tx -> {
            Service two = tx.create(Table.SERVICES, Samples.service("s2", "two"));
            tx.update(Table.SERVICES, two);
            tx.delete(Table.SERVICES, "s1");
            assertThat(tx.get(Table.SERVICES, "s1")).isNull();
            assertThat(tx.find(Table.SERVICES, By.ALL)).hasSize(1);
            assertThat(tx.find(Table.SERVICES, By.name("two"))).hasSize(1);
            assertThat(tx.count(Table.SERVICES)).isEqualTo(1);
            assertThat(store.view().find(Table.SERVICES, By.name("one"))).hasSize(1);
            assertThat(store.view().get(Table.SERVICES, "s2")).isNull();
            return 0;
        });
        assertThat(store.view().find(Table.SERVICES, By.ALL)).hasSize(1);
    }

    @Test
    void aListStaysAsItWasWhileItsObjectsAreChanged() {
        store.update(1, tx -> {
            for (int i = 0; i < 100; i++) {
                tx.create(Table.SERVICES, Samples.service("s" + i, "name" + i));
            }
            return 0;
        });
        store.update(1, tx -> {
            List<Service> all = tx.find(Table.SERVICES, By.ALL);
            for (Service service : all) {
                tx.delete(Table.SERVICES, service.getId());
            }
            assertThat(all).hasSize(100);
            return 0;
        });
        assertThat(store.view().count(Table.SERVICES)).isZero();
    }

    @Test
    void aTransactionIsUselessAfterItsBody() {
        Tx escaped = store.update(1, tx -> tx);

        assertThatThrownBy(() -> escaped.create(Table.SERVICES, Samples.service("s1", "one")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anotherTermIsRefused() {
        store.requireTerm(3);

        assertThatThrownBy(() -> create("s1", "one"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LOST_LEADERSHIP));
        store.update(3, tx -> tx.create(Table.SERVICES, Samples.service("s1", "one")));
        assertThat(store.view().count(Table.SERVICES)).isEqualTo(1);
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
