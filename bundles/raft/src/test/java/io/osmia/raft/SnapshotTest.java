package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import io.osmia.store.Table;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {

    private static final RaftLimits OFTEN =
            RaftLimits.DEFAULT.withSnapshotInterval(100).withKeptEntries(20);

    @TempDir
    Path stateDir;

    @Test
    @DisplayName("RAF-019, RAF-020: snapshots replace the log, and only the newest stays")
    void snapshotsReplaceTheLogAndOnlyTheNewestStays() throws Exception {
        for (int round = 0; round < 4; round++) {
            try (Fixture node = Fixture.open(stateDir, OFTEN)) {
                assertThat(node.raft.view().count(Table.NODES)).isEqualTo(round * 150);
                node.createMany("r" + round + "-", 150);
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(Fixture.snapshots(stateDir)).hasSize(1));
            }
        }
        assertThat(Fixture.segments(stateDir).getFirst().getFileName().toString())
                .doesNotMatch("log_(inprogress_)?0(-.*)?");
        assertThat(Fixture.group(stateDir).resolve("sm")).isDirectoryNotContaining("glob:**.tmp");
        try (Fixture node = Fixture.open(stateDir, OFTEN)) {
            assertThat(node.raft.view().count(Table.NODES)).isEqualTo(600);
            assertThat(node.raft.view().version()).isEqualTo(600);
        }
    }
}
