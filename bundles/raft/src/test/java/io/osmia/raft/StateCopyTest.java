package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import io.osmia.store.StateDigest;
import io.osmia.wire.osmia.StateCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of the state are compared by way of the log. */
class StateCopyTest {

    private static final RaftLimits OFTEN = Fixture.LIMITS.withCheckInterval(10);

    @TempDir
    private Path stateDir;

    @Test
    void theDigestGoesThroughTheLogAndIsTheSameAfterARestart() throws Exception {
        List<StateCopy.Compared> told = new CopyOnWriteArrayList<>();
        List<StateCheck> before;
        try (Fixture node = Fixture.open(stateDir, OFTEN)) {
            node.raft.onCheck(told::add);
            node.createMany("a", 60);
            await().atMost(Duration.ofSeconds(20)).until(() -> told.size() >= 5);
            before = node.raft.checks();
            assertThat(told).allMatch(StateCopy.Compared::equal).allMatch(StateCopy.Compared::leads);
            assertThat(node.raft.view().digest()).isEqualTo(StateDigest.of(node.raft.view()));
        }
        try (Fixture node = Fixture.open(stateDir, OFTEN)) {
            assertThat(node.raft.checks()).as("computed anew while the log was applied").containsAll(before);
        }
    }

    @Test
    void whatWentAstrayIsToldOnceAndStandsInHealth() throws Exception {
        List<String> fatal = new CopyOnWriteArrayList<>();
        try (Fixture node = Fixture.open(stateDir)) {
            node.raft.onFatal(fatal::add);
            node.raft.astray("it went astray");
            node.raft.astray("it went astray");
            await().atMost(Duration.ofSeconds(10)).until(() -> !fatal.isEmpty());
            assertThat(fatal).containsExactly("it went astray");
            assertThat(node.raft.trouble()).contains("it went astray");
        }
    }
}
