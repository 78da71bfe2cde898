package io.osmia.store;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.osmia.store.StoreException.Reason;
import io.osmia.wire.swarmkit.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rule 1.2.3: many small changes in few transactions. */
class BatchesTest {

    private final LocalStore store = new LocalStore(() -> Instant.EPOCH);

    private static Consumer<Tx> create(String id) {
        return tx -> tx.create(Table.SERVICES, Samples.service(id, "name-" + id));
    }

    private static Consumer<Tx> secret(String id, int bytes) {
        Secret secret = Samples.secret(id, id);
        Secret large = secret.toBuilder()
                .setSpec(secret.getSpec().toBuilder().setData(ByteString.copyFrom(new byte[bytes])))
                .build();
        return tx -> tx.create(Table.SECRETS, large);
    }

    @Test
    void aTransactionEndsAfter200Changes() {
        List<Consumer<Tx>> steps =
                IntStream.range(0, 500).mapToObj(i -> create("s" + i)).toList();

        List<@Nullable StoreException> refusals = store.batch(1, steps);

        assertThat(refusals).hasSize(500).containsOnlyNulls();
        assertThat(store.view().count(Table.SERVICES)).isEqualTo(500);
        assertThat(store.view().version()).isEqualTo(3);
    }

    @Test
    void aTransactionEndsAtThreeQuartersOfTheByteLimit() {
        List<Consumer<Tx>> steps =
                IntStream.range(0, 6).mapToObj(i -> secret("x" + i, 400_000)).toList();

        assertThat(store.batch(1, steps)).hasSize(6).containsOnlyNulls();

        assertThat(store.view().version()).isEqualTo(2);
    }

    @Test
    void aStepThatDoesNotFitAnyMoreOpensTheNextTransaction() {
        assertThat(store.batch(1, List.of(secret("x1", 1_000_000), secret("x2", 1_000_000))))
                .containsOnlyNulls();

        assertThat(store.view().version()).isEqualTo(2);
        assertThat(store.view().count(Table.SECRETS)).isEqualTo(2);
    }

    @Test
    void aStepThatNeverFitsIsRefusedAlone() {
        List<@Nullable StoreException> refusals =
                store.batch(1, List.of(create("s1"), secret("x1", 2_000_000), create("s2")));

        assertThat(refusals.get(0)).isNull();
        assertThat(refusals.get(1).reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(refusals.get(2)).isNull();
        assertThat(store.view().count(Table.SERVICES)).isEqualTo(2);
        assertThat(store.view().count(Table.SECRETS)).isZero();
    }

    @Test
    void aRefusedStepIsLeftOutWholly() throws InterruptedException {
        Subscription subscription = store.subscribe("test", 10);
        List<@Nullable StoreException> refusals = store.batch(1, List.of(create("s1"), tx -> {
            tx.create(Table.SERVICES, Samples.service("s2", "half done"));
            tx.delete(Table.SERVICES, "unknown");
        }, create("s3")));

        assertThat(refusals.get(1).reason()).isEqualTo(Reason.NOT_EXIST);
        assertThat(store.view().find(Table.SERVICES, By.ALL).stream().map(Table.SERVICES::id))
                .containsExactly("s1", "s3");
        assertThat(store.view().find(Table.SERVICES, By.name("half done"))).isEmpty();
        assertThat(subscription.poll(Duration.ZERO))
                .isInstanceOfSatisfying(
                        Subscription.Committed.class,
                        delivery -> assertThat(delivery.commit().changes())
                                .extracting(Change::id)
                                .containsExactly("s1", "s3"));
    }

    @Test
    void stepsSeeTheOnesBefore() {
        List<@Nullable StoreException> refusals = store.batch(
                1, List.of(create("s1"), tx -> tx.update(Table.SERVICES, tx.get(Table.SERVICES, "s1")), create("s1")));

        assertThat(refusals.get(1)).isNull();
        assertThat(refusals.get(2).reason()).isEqualTo(Reason.EXISTS);
    }

    @Test
    void whatIsLostWithLeadershipIsRefusedToTheEnd() {
        List<Consumer<Tx>> steps = new ArrayList<>();
        IntStream.range(0, 200).mapToObj(i -> create("s" + i)).forEach(steps::add);
        steps.add(tx -> store.requireTerm(2));
        steps.add(create("late"));
        IntStream.range(200, 500).mapToObj(i -> create("s" + i)).forEach(steps::add);

        List<@Nullable StoreException> refusals = store.batch(1, steps);

        assertThat(refusals.subList(0, 401)).containsOnlyNulls();
        assertThat(refusals.subList(401, 502)).allMatch(e -> e.reason() == Reason.LOST_LEADERSHIP);
        assertThat(store.view().count(Table.SERVICES)).isEqualTo(400);
    }

    @Test
    void nothingToDoIsNoTransaction() {
        assertThat(store.batch(1, List.of())).isEmpty();
        assertThat(store.view().version()).isZero();
    }
}
