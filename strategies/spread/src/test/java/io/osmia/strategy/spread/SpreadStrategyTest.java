package io.osmia.strategy.spread;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.NodeFacts;
import io.osmia.api.ResourceAmounts;
import io.osmia.api.scheduling.Candidate;
import io.osmia.api.scheduling.TaskGroup;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rule 4.4.1. */
class SpreadStrategyTest {

    private static final TaskGroup GROUP = new TaskGroup("s", "web", Map.of(), 3, ResourceAmounts.NONE);

    private final Comparator<Candidate> order = new SpreadStrategy("1.2.3").order(GROUP);

    @Test
    void isAskedForAsSpread() {
        assertThat(new SpreadStrategy("1.2.3").name()).isEqualTo("spread");
    }

    @Test
    void fewerTasksOfTheServiceWinEvenOnABusierNode() {
        assertThat(order.compare(candidate(1, 90, 0), candidate(2, 3, 0))).isNegative();
    }

    @Test
    void fewerTasksInAllDecideBetweenEquals() {
        assertThat(order.compare(candidate(2, 9, 0), candidate(2, 3, 0))).isPositive();
        assertThat(order.compare(candidate(2, 3, 0), candidate(2, 3, 0))).isZero();
    }

    @Test
    void fewFailuresDoNotCount() {
        assertThat(order.compare(candidate(0, 0, 4), candidate(1, 1, 0))).isNegative();
    }

    @Test
    void aNodeWhereTheServiceKeepsFailingComesLast() {
        assertThat(order.compare(candidate(0, 0, 5), candidate(7, 9, 4))).isPositive();
        assertThat(order.compare(candidate(0, 0, 6), candidate(7, 9, 5))).isPositive();
        assertThat(order.compare(candidate(1, 1, 5), candidate(0, 0, 5))).isPositive();
    }

    private static Candidate candidate(int serviceTasks, int activeTasks, int failures) {
        NodeFacts node = new NodeFacts(
                "n", "host", "", false, "", "", Map.of(), Map.of(), Set.of(), ResourceAmounts.NONE);
        return new Candidate(node, serviceTasks, activeTasks, failures, ResourceAmounts.NONE);
    }
}
