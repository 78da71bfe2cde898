package io.osmia.raft.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FreeSpaceTest {

    private static final long MIB = 1 << 20;

    private long usable = 100 * MIB;
    private long nanos;
    private int looks;
    private final FreeSpace space = new FreeSpace(this::look, () -> nanos, 10 * MIB);

    private long look() {
        looks++;
        return usable;
    }

    @Test
    void itLooksAtTheDiskOnceASecondAndAfterEachMebibyte() {
        assertThat(space.low()).isFalse();
        assertThat(space.low()).isFalse();
        assertThat(looks).isEqualTo(1);
        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(space.low()).isFalse();
        assertThat(looks).isEqualTo(2);
        space.written(MIB);
        usable = 9 * MIB;
        assertThat(space.low()).isTrue();
        assertThat(looks).isEqualTo(3);
    }

    @Test
    void whileThereIsTooLittleItLooksEachTime() {
        usable = 0;
        assertThat(space.low()).isTrue();
        usable = 100 * MIB;
        assertThat(space.low()).isFalse();
    }

    @Test
    void theNextSnapshotIsReckonedIn() {
        space.snapshotBytes(95 * MIB);
        assertThat(space.low()).isTrue();
        assertThat(space.roomFor(90 * MIB)).isTrue();
        assertThat(space.roomFor(91 * MIB)).isFalse();
    }
}
