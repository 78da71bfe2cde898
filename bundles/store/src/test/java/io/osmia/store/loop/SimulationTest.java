package io.osmia.store.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.store.By;
import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The simulation runs loops as their threads would, in an order of its own. */
class SimulationTest {

    private static final Instant START = Instant.ofEpochSecond(1_000_000);

    private final Simulation simulation = new Simulation(START);

    /** Creates a successor for each task that it sees, up to a number. */
    private final class Successor implements Reactor {

        private final int most;
        private int owed;

        Successor(int most) {
            this.most = most;
        }

        @Override
        public void start(View view, Instant now) {
            owed = view.count(Table.TASKS);
        }

        @Override
        public void commit(Commit commit, Instant now) {
            owed += (int) commit.changes().stream()
                    .filter(change -> change.kind() == Change.Kind.CREATE)
                    .count();
        }

        @Override
        public void tick(Instant now) {
            while (owed > 0) {
                owed--;
                simulation.store().update(1, tx -> {
                    if (tx.count(Table.TASKS) < most) {
                        tx.create(
                                Table.TASKS,
                                Task.newBuilder().setId(simulation.ids().next()).build());
                    }
                    return 0;
                });
            }
        }

        @Override
        public @Nullable Instant deadline() {
            return null;
        }
    }

    /** Notes when it ticks at its deadlines. */
    private static final class Alarm implements Reactor {

        private final List<Instant> rings = new ArrayList<>();
        private final Function<Instant, @Nullable Instant> following;
        private @Nullable Instant next;

        Alarm(Instant first, Function<Instant, @Nullable Instant> following) {
            this.next = first;
            this.following = following;
        }

        @Override
        public void start(View view, Instant now) {}

        @Override
        public void commit(Commit commit, Instant now) {}

        @Override
        public void tick(Instant now) {
            if (next != null && !next.isAfter(now)) {
                rings.add(now);
                next = following.apply(next);
            }
        }

        @Override
        public @Nullable Instant deadline() {
            return next;
        }
    }

    @Test
    void settlingDeliversUntilNothingChanges() {
        simulation.store().update(1, tx -> tx.create(
                Table.TASKS, Task.newBuilder().setId(simulation.ids().next()).build()));
        simulation.add("one", new Successor(40));
        simulation.add("two", new Successor(40));

        simulation.settle();

        List<Task> tasks = simulation.store().view().find(Table.TASKS, By.ALL);
        assertThat(tasks).hasSize(40).allMatch(task -> task.getId().length() == 25);
        assertThat(simulation.now()).isEqualTo(START);
    }

    @Test
    void whatDoesNotSettleFailsLoudly() {
        simulation.store().update(1, tx -> tx.create(
                Table.TASKS, Task.newBuilder().setId(simulation.ids().next()).build()));
        simulation.add("endless", new Successor(Integer.MAX_VALUE));

        assertThatThrownBy(simulation::settle)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not settle")
                .hasMessageContaining("endless");
    }

    @Test
    void advancingStopsAtEachDeadline() {
        Alarm often = new Alarm(START.plusSeconds(2), at -> at.plusSeconds(2));
        Alarm once = new Alarm(START.plusSeconds(3), at -> null);
        simulation.add("often", often);
        simulation.add("once", once);

        simulation.advance(Duration.ofSeconds(7));

        assertThat(often.rings)
                .containsExactly(START.plusSeconds(2), START.plusSeconds(4), START.plusSeconds(6));
        assertThat(once.rings).containsExactly(START.plusSeconds(3));
        assertThat(simulation.now()).isEqualTo(START.plusSeconds(7));
    }

    @Test
    void aDeadlineThatStandsStillFailsLoudly() {
        simulation.add("stuck", new Alarm(START, at -> at));

        assertThatThrownBy(() -> simulation.advance(Duration.ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stuck");
    }
}
