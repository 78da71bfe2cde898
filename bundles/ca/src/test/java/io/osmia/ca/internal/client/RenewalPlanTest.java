package io.osmia.ca.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules 7.6.1 and 7.6.2: when renewals happen. */
class RenewalPlanTest {

    private static final Instant FROM = Instant.parse("2030-01-01T00:00:00Z");

    @Test
    void itIsAWholeMinuteBetweenHalfAndFourFifthsOfTheLifetime() {
        SplittableRandom random = new SplittableRandom(7);
        Duration lifetime = Duration.ofMinutes(1000);

        Stream<Duration> plans = Stream.generate(() -> RenewalPlan.of(FROM, FROM.plus(lifetime), random))
                .limit(2000)
                .map(planned -> Duration.between(FROM, planned));

        assertThat(plans)
                .allSatisfy(after -> {
                    assertThat(after).isBetween(Duration.ofMinutes(500), Duration.ofMinutes(800));
                    assertThat(after.toSecondsPart()).isZero();
                })
                .anySatisfy(after -> assertThat(after).isLessThan(Duration.ofMinutes(510)))
                .anySatisfy(after -> assertThat(after).isGreaterThan(Duration.ofMinutes(790)));
    }

    @Test
    void aShortOneIsRenewedAtHalfOfIt() {
        assertThat(RenewalPlan.of(FROM, FROM.plusSeconds(90), new SplittableRandom(7)))
                .isEqualTo(FROM.plusSeconds(45));
    }

    @Test
    void pausesGrowUpToTheGreatest() {
        Backoff backoff =
                new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofHours(1), new SplittableRandom(7));

        assertThat(Stream.of(0, 1, 2, 3, 4, 20, 200).map(backoff::bound))
                .containsExactly(
                        Duration.ZERO,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(25),
                        Duration.ofSeconds(45),
                        Duration.ofHours(1),
                        Duration.ofHours(1));
        assertThat(Stream.generate(() -> backoff.after(1)).limit(1000))
                .allSatisfy(pause -> assertThat(pause).isLessThan(Duration.ofSeconds(10)))
                .anySatisfy(pause -> assertThat(pause).isLessThan(Duration.ofSeconds(1)))
                .anySatisfy(pause -> assertThat(pause).isGreaterThan(Duration.ofSeconds(9)));
    }

    private final RenewalWish wish = new RenewalWish(
            Duration.ofMillis(500),
            new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofHours(1), new SplittableRandom(7)));

    @Test
    void aTriggerCountsHalfASecondLater() {
        assertThat(wish.left(0)).isEmpty();

        wish.force(0);

        assertThat(wish.left(0)).contains(Duration.ofMillis(500));
        assertThat(wish.succeeded(wish.begin(), "swarm-worker", 0)).isTrue();
        assertThat(wish.left(0)).isEmpty();
    }

    @Test
    void whatIsWantedWhileARenewalRunsIsNotForgotten() {
        wish.force(0);
        int begun = wish.begin();
        wish.force(10);

        wish.succeeded(begun, "swarm-worker", 20);

        assertThat(wish.left(20)).isPresent();
    }

    @Test
    void theRoleThatIsThereForcesNothing() {
        wish.expect("swarm-worker", "swarm-worker", 0);

        assertThat(wish.left(0)).isEmpty();
    }

    @Test
    void theExpectedRoleIsRemembered() {
        wish.expect("swarm-manager", "swarm-worker", 0);

        assertThat(wish.succeeded(wish.begin(), "swarm-worker", 0)).isFalse();
        assertThat(wish.failures()).isEqualTo(1);
        assertThat(wish.left(0)).isPresent();
        assertThat(wish.succeeded(wish.begin(), "swarm-manager", 0)).isTrue();
        assertThat(wish.failures()).isZero();
        assertThat(wish.left(0)).isEmpty();
        assertThat(wish.succeeded(wish.begin(), "swarm-worker", 0)).isTrue();
    }
}
