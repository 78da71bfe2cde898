package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/** A raft node on a directory of a test, with the term in which it leads. */
final class Fixture implements AutoCloseable {

    static final RaftIdentity IDENTITY = new RaftIdentity("cluster1", 0x5eed, "node1");

    /** As in production, but what closes is not left behind: it would write while a test looks at the files or deletes them. */
    static final RaftLimits LIMITS = new RaftLimits(
            RaftLimits.DEFAULT.snapshotInterval(),
            RaftLimits.DEFAULT.keptEntries(),
            RaftLimits.DEFAULT.reservedBytes(),
            RaftLimits.DEFAULT.writeTimeout(),
            Duration.ofSeconds(30),
            RaftLimits.DEFAULT.checkInterval());

    final RaftNode raft;
    final LinkedBlockingQueue<OptionalLong> leadership = new LinkedBlockingQueue<>();
    final long term;

    static Fixture open(RaftConfig config) throws InterruptedException {
        return new Fixture(config);
    }

    private Fixture(RaftConfig config) throws InterruptedException {
        this.raft = RaftNode.open(config);
        raft.onLeadership(leadership::add);
        this.term = awaitTerm();
    }

    static Fixture open(Path stateDir) throws InterruptedException {
        return open(stateDir, LIMITS);
    }

    static Fixture open(Path stateDir, RaftLimits limits) throws InterruptedException {
        return new Fixture(config(stateDir, limits));
    }

    static RaftConfig config(Path stateDir, RaftLimits limits) {
        return new RaftConfig(stateDir, IDENTITY, "127.0.0.1:4242", true, () -> Instant.EPOCH, limits);
    }

    /** The next term told; fails after 20 s. */
    long awaitTerm() throws InterruptedException {
        OptionalLong next;
        do {
            next = leadership.poll(20, TimeUnit.SECONDS);
            assertThat(next).as("told of leadership within 20 s").isNotNull();
        } while (next.isEmpty());
        return next.getAsLong();
    }

    static Node node(String id) {
        return Node.newBuilder()
                .setId(id)
                .setSpec(NodeSpec.newBuilder()
                        .setAnnotations(Annotations.newBuilder().putLabels("text", "x".repeat(200))))
                .build();
    }

    static Function<Tx, Long> creating(String id) {
        return tx -> tx.create(Table.NODES, node(id)).getMeta().getVersion().getIndex();
    }

    /** Does nothing when it is there: who did not learn the outcome may ask again. */
    static Function<Tx, Node> creatingOnce(Node node) {
        return tx -> {
            Node there = tx.get(Table.NODES, node.getId());
            return there == null ? tx.create(Table.NODES, node) : there;
        };
    }

    void create(String id) {
        raft.update(term, creating(id));
    }

    void createMany(String prefix, int count) {
        for (int i = 0; i < count; i++) {
            create("%s%05d".formatted(prefix, i));
        }
    }

    /** The group's folder, where Ratis keeps log and snapshots. */
    static Path group(Path stateDir) throws IOException {
        try (Stream<Path> entries = Files.list(stateDir.resolve("raft"))) {
            return entries.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    /** Log segments, oldest first. */
    static List<Path> segments(Path stateDir) throws IOException {
        try (Stream<Path> entries = Files.list(group(stateDir).resolve("current"))) {
            return entries.filter(f -> f.getFileName().toString().startsWith("log_"))
                    .sorted(Comparator.comparingLong(Fixture::firstIndex))
                    .toList();
        }
    }

    /** Of the first entry that is in a log segment. */
    static long firstIndex(Path segment) {
        return Long.parseLong(segment.getFileName().toString().replaceAll("log_(inprogress_)?(\\d+).*", "$2"));
    }

    /** Snapshots, without their checksums, oldest first. */
    static List<Path> snapshots(Path stateDir) throws IOException {
        try (Stream<Path> entries = Files.list(group(stateDir).resolve("sm"))) {
            return entries.filter(f -> f.getFileName().toString().matches("snapshot\\.\\d+_\\d+"))
                    .sorted(Comparator.comparingLong(Fixture::lastIndex))
                    .toList();
        }
    }

    /** Of the last entry that is in a snapshot. */
    static long lastIndex(Path snapshot) {
        return Long.parseLong(snapshot.getFileName().toString().replaceAll(".*_", ""));
    }

    @Override
    public void close() {
        raft.close();
    }
}
