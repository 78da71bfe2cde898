package io.osmia.raft.internal.service;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.raft.MemoryKeys;
import io.osmia.roles.LogKeys;
import io.osmia.store.StoreMachine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sealing that is switched on when the managers are several already. */
class FirstLogKeyTest {

    private final StoreMachine machine = new StoreMachine();
    private final MemoryKeys keys = new MemoryKeys();
    private final List<String> done = new ArrayList<>();
    private boolean seals = true;

    private final FirstLogKey first = new FirstLogKey(
            () -> seals && keys.current() == LogKeys.NOT_SEALED, this::make, new UnlockKeyWatch("c", note -> {}));

    private void make() {
        done.add("made");
        keys.learn(1, MemoryKeys.ofSeed(1));
        keys.use(1);
    }

    @Test
    void isMadeOnceByTheLeader() {
        first.start(machine.committed(), Instant.EPOCH);
        first.tick(Instant.EPOCH);
        first.tick(Instant.EPOCH);
        assertThat(done).containsExactly("made");
    }

    @Test
    void isNotMadeWhereSealingIsOff() {
        seals = false;
        first.tick(Instant.EPOCH);
        assertThat(done).isEmpty();
    }
}
