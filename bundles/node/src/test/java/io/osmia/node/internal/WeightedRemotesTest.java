package io.osmia.node.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.roles.Remotes.Remote;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WeightedRemotesTest {

    private static final Remote A = new Remote("a", "10.0.0.1:1");
    private static final Remote B = new Remote("b", "10.0.0.2:1");

    private final AtomicInteger changes = new AtomicInteger();
    private final WeightedRemotes remotes = new WeightedRemotes(new SplittableRandom(5), changes::incrementAndGet);

    private List<Integer> weightsOver(long... observed) {
        List<Integer> weights = new ArrayList<>();
        for (long weight : observed) {
            remotes.observe(A, weight);
            weights.add(remotes.weight(A));
        }
        return weights;
    }

    @Test // rule 12.2.6
    void aWeightFollowsWhatIsObserved() {
        assertThat(weightsOver(10, 10, 10, 10, 10, -10, -10, -10, -10)).containsExactly(5, 8, 9, 10, 10, 0, -5, -7, -8);
    }

    @Test // rule 6.11.12
    void aWeightStaysWithinItsLimits() {
        for (int i = 0; i < 20; i++) {
            remotes.observe(A, Long.MIN_VALUE);
            remotes.observe(B, Long.MAX_VALUE);
        }
        assertThat(remotes.weight(A)).isBetween(-256, -255);
        assertThat(remotes.weight(B)).isEqualTo(256);
    }

    @Test // AGT-002
    void managersThatAreNotListedAreForgottenAndEmptyAddressesPassedOver() {
        remotes.observe(B, 10);
        remotes.observe(A, 10);
        remotes.observe(new Remote("c", ""), 10);
        assertThat(remotes.all()).containsExactly(A, B);
        remotes.retain(Set.of(B));
        assertThat(remotes.all()).containsExactly(B);
        assertThat(remotes.weight(A)).isZero();
    }

    @Test
    void onlyAChangeOfTheListIsTold() {
        remotes.observe(A, 10);
        remotes.observe(B, 10);
        remotes.observe(B, -10);
        assertThat(changes).hasValue(2);
        remotes.retain(Set.of(A, B));
        assertThat(changes).hasValue(2);
        remotes.retain(Set.of(A));
        assertThat(changes).hasValue(3);
    }

    @Test
    void aManagerThatFailedIsStillPossibleAndABetterOneLikelier() {
        remotes.observe(A, -10);
        assertThat(remotes.select(Set.of())).contains(A);
        remotes.observe(B, 10);
        int chosen = 0;
        for (int i = 0; i < 1000; i++) {
            chosen += remotes.select(Set.of()).orElseThrow().equals(B) ? 1 : 0;
        }
        assertThat(chosen).isGreaterThan(980);
    }

    @Test
    void anExcludedNodeIsNotSelectedAndNobodyIsWhenAllAre() {
        remotes.observe(A, 10);
        remotes.observe(B, -10);
        for (int i = 0; i < 100; i++) {
            assertThat(remotes.select(Set.of("a"))).contains(B);
        }
        assertThat(remotes.select(Set.of("a", "b"))).isEmpty();
    }

    @Test
    void noneIsSelectedWhenNoneIsKnown() {
        assertThat(remotes.select(Set.of())).isEmpty();
    }
}
