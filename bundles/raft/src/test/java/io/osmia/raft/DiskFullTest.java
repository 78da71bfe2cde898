package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import io.osmia.store.StoreException;
import io.osmia.store.StoreException.Reason;
import io.osmia.store.Table;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a file system of 40 MiB. */
class DiskFullTest {

    private static final int MIB = 1 << 20;

    @TempDir
    Path mountPoint;

    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=40m", "osmia-test", mountPoint.toString()) == 0;
        assumeThat(mounted).as("this user may mount a small file system (root)").isTrue();
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", mountPoint.toString())).isZero();
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (IOException e) {
            return -1;
        }
    }

    /** Fills the file system until so much is left. */
    private Path fillUpTo(long left) throws IOException {
        Path ballast = mountPoint.resolve("ballast");
        try (OutputStream out = Files.newOutputStream(ballast)) {
            byte[] block = new byte[4096];
            while (mountPoint.toFile().getUsableSpace() > left) {
                out.write(block);
            }
        }
        return ballast;
    }

    @Test
    @Timeout(60)
    void writesAreRefusedWhileThereIsTooLittleSpaceAndTakenAgainAfterwards() throws Exception {
        Path stateDir = mountPoint.resolve("state");
        try (Fixture node = Fixture.open(stateDir)) {
            node.createMany("before", 20);
            Path ballast = fillUpTo(8 * MIB);
            await().atMost(Duration.ofSeconds(10)).until(() -> node.raft.trouble().isPresent());
            assertThat(node.raft.trouble()).contains(Reason.NO_SPACE.text());
            assertThatThrownBy(() -> node.create("refused"))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NO_SPACE));
            assertThat(node.raft.view().count(Table.NODES)).isEqualTo(20);
            Files.delete(ballast);
            node.create("after");
            assertThat(node.leadership).as("changes of leadership").isEmpty();
        }
        try (Fixture node = Fixture.open(stateDir)) {
            assertThat(node.raft.view().count(Table.NODES)).isEqualTo(21);
        }
    }

    @Test
    @Timeout(60)
    void aLogThatMetTheEndOfTheDiskIsOpenedAgainWhenThereIsSpace() throws Exception {
        Path stateDir = mountPoint.resolve("state");
        try (Fixture node = Fixture.open(stateDir, Fixture.LIMITS.withReservedBytes(0))) {
            node.createMany("before", 20);
            Path ballast = fillUpTo(0);
            int acknowledged = 20 + writeUntilItFails(node);
            Files.delete(ballast);
            long next = node.awaitTerm();
            assertThat(next).isGreaterThan(node.term);
            node.raft.update(next, Fixture.creating("after"));
            assertThat(node.raft.view().count(Table.NODES)).isBetween(acknowledged + 1, acknowledged + 2);
            assertThat(node.raft.trouble()).isEmpty();
        }
    }

    /** Without a reserve, Ratis meets the end of the disk: as when something else fills it between two looks. */
    private static int writeUntilItFails(Fixture node) {
        for (int i = 0;; i++) {
            try {
                node.create("while" + i);
            } catch (StoreException e) {
                assertThat(e.reason()).isIn(Reason.LOST_LEADERSHIP, Reason.OUTCOME_UNKNOWN);
                return i;
            }
        }
    }
}
