package io.osmia.agent.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.agent.internal.session.Remotes.Remote;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RemotesTest {

    private static final Remote A = new Remote("a", "10.0.0.1:1");
    private static final Remote B = new Remote("b", "10.0.0.2:1");

    private final Remotes remotes = new Remotes(new SplittableRandom(5));

    @Test // AGT-002, rule 6.11.12
    void aWeightFollowsWhatIsObserved() {
        remotes.observe(A, 10);
        assertThat(remotes.weights()).containsEntry(A, 5);
        for (int i = 0; i < 10; i++) {
            remotes.observe(A, 10);
        }
        assertThat(remotes.weights()).containsEntry(A, 10);
        for (int i = 0; i < 20; i++) {
            remotes.observe(A, -100_000);
        }
        assertThat(remotes.weights().get(A)).isBetween(-256, -250);
    }

    @Test // AGT-002
    void managersThatAreNotListedAreForgottenAndEmptyAddressesPassedOver() {
        remotes.observe(A, 10);
        remotes.observe(B, 10);
        remotes.observe(new Remote("c", ""), 10);
        remotes.retain(List.of(B));
        assertThat(remotes.weights()).containsOnlyKeys(B);
    }

    @Test
    void aManagerThatFailedIsStillPossibleAndABetterOneLikelier() {
        remotes.observe(A, -10);
        assertThat(remotes.select()).contains(A);
        remotes.observe(B, 10);
        int chosen = 0;
        for (int i = 0; i < 1000; i++) {
            chosen += remotes.select().orElseThrow().equals(B) ? 1 : 0;
        }
        assertThat(chosen).isGreaterThan(980);
    }

    @Test
    void noneIsSelectedWhenNoneIsKnown() {
        assertThat(remotes.select()).isEmpty();
    }
}
