package io.osmia.store;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.Subscription.Closed;
import io.osmia.store.Subscription.Committed;
import io.osmia.store.Subscription.Delivery;
import io.osmia.store.Subscription.Resync;
import io.osmia.wire.swarmkit.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a watcher gets. */
class SubscriptionTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final LocalStore store = new LocalStore(() -> Instant.EPOCH);

    private Service create(String id) {
        return store.update(1, tx -> tx.create(Table.SERVICES, Samples.service(id, "name-" + id)));
    }

    private static Commit commit(Delivery delivery) {
        assertThat(delivery).isInstanceOf(Committed.class);
        return ((Committed) delivery).commit();
    }

    @Test
    @DisplayName("STO-004 create, update and delete arrive in order with the former objects")
    void changesArriveInOrderWithFormerObjects() throws InterruptedException {
        Service one = create("s1");
        View before = store.view();
        Subscription subscription = store.subscribe("test", 10);
        store.update(1, tx -> {
            tx.create(Table.SERVICES, Samples.service("s2", "two"));
            Service updated = tx.update(Table.SERVICES, one);
            tx.update(Table.SERVICES, updated);
            tx.delete(Table.SERVICES, "s1");
            return 0;
        });

        Commit commit = commit(subscription.poll(LONG));

        assertThat(commit.version()).isEqualTo(2);
        assertThat(commit.before()).isSameAs(before).isSameAs(subscription.start());
        assertThat(commit.after()).isSameAs(store.view());
        assertThat(commit.changes())
                .extracting(Change::kind)
                .containsExactly(
                        Change.Kind.CREATE, Change.Kind.UPDATE, Change.Kind.UPDATE, Change.Kind.REMOVE);
        assertThat(commit.changes()).extracting(Change::id).containsExactly("s2", "s1", "s1", "s1");
        assertThat(commit.changes().get(0).former()).isNull();
        assertThat(commit.changes().get(1).former()).isSameAs(one);
        assertThat(commit.changes().get(2).former())
                .isSameAs(commit.changes().get(1).object());
        assertThat(commit.changes().get(3).object())
                .isSameAs(commit.changes().get(2).object());
        assertThat(subscription.poll(Duration.ZERO)).isNull();
    }

    @Test
    void aTransactionWithoutChangesIsNoCommit() throws InterruptedException {
        Subscription subscription = store.subscribe("test", 10);

        store.update(1, tx -> tx.count(Table.SERVICES));

        assertThat(subscription.poll(Duration.ZERO)).isNull();
        assertThat(store.view().version()).isZero();
    }

    @Test
    @DisplayName("STO-012 who does not keep up begins anew; the others go on")
    void aFullQueueBecomesAResync() throws InterruptedException {
        Subscription slow = store.subscribe("slow", 2);
        Subscription fast = store.subscribe("fast", 10);
        create("s1");
        create("s2");
        create("s3");
        create("s4");

        assertThat(slow.poll(LONG)).isEqualTo(new Resync(store.view()));
        for (int version = 1; version <= 4; version++) {
            assertThat(commit(fast.poll(LONG)).version()).isEqualTo(version);
        }
        create("s5");
        assertThat(commit(slow.poll(LONG)).version()).isEqualTo(5);
        assertThat(slow.poll(Duration.ZERO)).isNull();
    }

    @Test
    @DisplayName("STO-012 closing unblocks")
    void closingEndsAWaitingPoll() throws InterruptedException {
        Subscription subscription = store.subscribe("test", 1);

        Delivery delivery = pollWhile(subscription, subscription::close);

        assertThat(delivery).isEqualTo(new Closed());
        create("s1");
        assertThat(subscription.poll(Duration.ZERO)).isEqualTo(new Closed());
    }

    @Test
    void closingTheStoreEndsAllSubscriptionsAndThoseToCome() throws InterruptedException {
        Subscription subscription = store.subscribe("test", 1);
        store.close();

        assertThat(subscription.poll(LONG)).isEqualTo(new Closed());
        assertThat(store.subscribe("late", 1).poll(LONG)).isEqualTo(new Closed());
    }

    @Test
    void wakingEndsAWaitingPollOrTheNextOne() throws InterruptedException {
        Subscription subscription = store.subscribe("test", 1);

        assertThat(pollWhile(subscription, subscription::wake)).isNull();
        subscription.wake();
        assertThat(subscription.poll(LONG)).isNull();
        create("s1");
        assertThat(commit(subscription.poll(LONG)).version()).isEqualTo(1);
    }

    @Test
    void aCommitEndsAWaitingPoll() throws InterruptedException {
        Subscription subscription = store.subscribe("test", 1);

        assertThat(commit(pollWhile(subscription, () -> create("s1"))).version())
                .isEqualTo(1);
    }

    /** What a poll that waits meanwhile returns. */
    private static Delivery pollWhile(Subscription subscription, Runnable action) throws InterruptedException {
        AtomicReference<Delivery> got = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            try {
                got.set(subscription.poll(LONG));
                done.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        action.run();
        assertThat(done.await(20, TimeUnit.SECONDS)).as("poll returned in time").isTrue();
        return got.get();
    }

    @Test
    void whatDoesNotConcernItEndsNoPollAndIsNotLost() throws InterruptedException {
        Subscription subscription = store.subscribe("test", 10);
        subscription.wakeFor(Set.of(Table.NODES));
        Duration waited = Duration.ofSeconds(2);
        Thread poller = Thread.currentThread();
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = Thread.ofVirtual().start(() -> {
            while (poller.getState() != Thread.State.TIMED_WAITING && !done.get()) {
                Thread.onSpinWait();
            }
            create("s1");
        });
        long begin = System.nanoTime();
        Delivery delivery = subscription.poll(waited);
        done.set(true);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(waited);
        writer.join();
        assertThat(commit(delivery).version()).isEqualTo(1);
    }

    @Test
    void whatConcernsItEndsAPollWithAllThatCameBefore() throws InterruptedException {
        Subscription subscription = store.subscribe("test", 10);
        subscription.wakeFor(Set.of(Table.NODES));
        Delivery delivery = pollWhile(subscription, () -> {
            create("s1");
            store.update(1, tx -> tx.create(Table.NODES, Samples.node("n1", "host")));
        });
        assertThat(commit(delivery).version()).isEqualTo(1);
        assertThat(commit(subscription.poll(Duration.ZERO)).version()).isEqualTo(2);
    }

    @Test
    void whatDoesNotConcernItComesWhenMuchHasGathered() throws InterruptedException {
        Subscription subscription = store.subscribe("test", 3);
        subscription.wakeFor(Set.of(Table.NODES));
        Delivery delivery = pollWhile(subscription, () -> {
            create("s1");
            create("s2");
            create("s3");
        });
        assertThat(commit(delivery).version()).isEqualTo(1);
    }
}
