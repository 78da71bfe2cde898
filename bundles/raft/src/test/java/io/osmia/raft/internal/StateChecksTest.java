package io.osmia.raft.internal;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.osmia.raft.StateCopy.Compared;
import io.osmia.store.StoreMachine;
import io.osmia.store.Table;
import io.osmia.wire.osmia.LogEntry;
import io.osmia.wire.osmia.StateCheck;
import io.osmia.wire.swarmkit.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StateChecksTest {

    private final StoreMachine machine = new StoreMachine();
    private final AtomicInteger proposed = new AtomicInteger();
    private final List<Compared> told = new ArrayList<>();
    private boolean leads = true;
    private final StateChecks checks = new StateChecks(10, () -> leads, proposed::incrementAndGet);

    StateChecksTest() {
        checks.onCheck(told::add);
    }

    private StateCheck write(String id) {
        machine.apply(machine.propose(
                Instant.EPOCH,
                tx -> tx.create(Table.NODES, Node.newBuilder().setId(id).build()))
                .transaction());
        checks.transaction(machine.committed());
        checks.entry(LogEntry.getDefaultInstance());
        return StateChecks.of(machine.committed());
    }

    private void compare(StateCheck check) {
        checks.entry(LogEntry.newBuilder().setCheck(check).build());
    }

    @Test
    void theLeaderProposesOneEverySoManyEntries() {
        for (int i = 0; i < 25; i++) {
            write("n" + i);
        }
        assertThat(proposed).hasValue(2);
        leads = false;
        for (int i = 25; i < 45; i++) {
            write("n" + i);
        }
        assertThat(proposed).hasValue(2);
    }

    @Test
    void aComparisonIsOfTheVersionThatItNames() {
        StateCheck early = write("a");
        write("b");
        compare(early);
        assertThat(told).hasSize(1).allMatch(Compared::equal);
        assertThat(checks.compared()).containsExactly(early);
    }

    @Test
    void anotherDigestIsTold() {
        StateCheck own = write("a");
        StateCheck other = own.toBuilder()
                .setDigest(ByteString.copyFrom(new byte[16]))
                .build();
        compare(other);
        assertThat(told).containsExactly(new Compared(true, other, own));
        assertThat(told.getFirst().equal()).isFalse();
    }

    @Test
    void aVersionThatIsNotRememberedIsNotCompared() {
        write("a");
        compare(StateCheck.newBuilder().setVersion(77).build());
        assertThat(told).isEmpty();
    }
}
