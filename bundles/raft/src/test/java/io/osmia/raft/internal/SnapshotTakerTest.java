package io.osmia.raft.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import io.osmia.raft.MemoryKeys;
import io.osmia.raft.MissingKey;
import io.osmia.raft.RaftLimits;
import io.osmia.raft.internal.seal.Sealer;
import io.osmia.store.StoreMachine;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.ClusterSpec;
import io.osmia.wire.swarmkit.RaftConfig;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTakerTest {

    @TempDir
    Path directory;

    private final StoreMachine machine = new StoreMachine();
    private final MemoryKeys keys = MemoryKeys.first();
    private final AtomicInteger tries = new AtomicInteger();
    private volatile long usable = 1L << 40;
    private long index = 10;
    private final SnapshotTaker taker = new SnapshotTaker(
            machine,
            new Sealer("cluster1", keys, MissingKey.NOBODY),
            new FreeSpace(this::usable, System::nanoTime, 1),
            RaftLimits.DEFAULT,
            purged -> {});

    private long usable() {
        tries.incrementAndGet();
        return usable;
    }

    /** Snapshots are for a change of the log key alone. */
    @BeforeEach
    void withoutAnInterval() {
        RaftConfig never = RaftConfig.newBuilder().setSnapshotInterval(0).build();
        Cluster cluster = Cluster.newBuilder()
                .setId("cluster1")
                .setSpec(ClusterSpec.newBuilder().setRaft(never))
                .build();
        machine.apply(machine.propose(Instant.EPOCH, tx -> tx.create(Table.CLUSTERS, cluster))
                .transaction());
        taker.open(
                new SimpleStateMachineStorage() {
                    @Override
                    public File getSnapshotFile(long term, long endIndex) {
                        return file(endIndex).toFile();
                    }
                },
                -1);
    }

    private Path file(long at) {
        return directory.resolve("snapshot.1_" + at);
    }

    private Optional<Path> snapshot() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().matches(".*snapshot\\.1_\\d+"))
                    .findFirst();
        }
    }

    private void applyOne() {
        taker.applied(TermIndex.valueOf(1, index++));
    }

    private static int keyVersion(Path snapshot) throws IOException {
        try (InputStream in = Files.newInputStream(snapshot)) {
            return new DataInputStream(in).readInt();
        }
    }

    @Test
    void withoutAChangeOfTheKeyThereIsNone() {
        for (int i = 0; i < 20_000; i++) {
            applyOne();
        }
        assertThat(tries).hasValue(0);
    }

    @Test
    void aChangeOfTheKeyWhoseSnapshotFailsGetsAnotherOneAfterAWhile() throws Exception {
        keys.learn(2, MemoryKeys.ofSeed(2));
        keys.use(2);
        usable = 0;
        applyOne();
        await().atMost(Duration.ofSeconds(20)).until(() -> tries.get() == 1);
        for (int i = 0; i < 90; i++) {
            applyOne();
        }
        assertThat(tries).as("tries within the pause").hasValue(1);
        usable = 1L << 40;
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(1)).until(() -> {
            applyOne();
            return snapshot().isPresent();
        });
        assertThat(keyVersion(snapshot().orElseThrow())).isEqualTo(2);
        taker.close(20_000);
    }
}
