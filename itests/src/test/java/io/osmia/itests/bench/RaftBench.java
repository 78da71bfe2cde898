package io.osmia.itests.bench;

import com.google.protobuf.ByteString;
import io.osmia.raft.RaftConfig;
import io.osmia.raft.RaftIdentity;
import io.osmia.raft.RaftNode;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.SecretSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The replicated store's own door on a manager that is alone, in this process, with every write on disk: small secrets by 1 and
 * by 64 threads. Run by hand, not on a tmpfs; prints medians.
 */
public final class RaftBench {

    private static final int ROUNDS = 7;
    private static final int EACH_ALONE = 1_000;
    private static final int EACH_OF_MANY = 500;
    private static final int MANY = 64;

    private final RaftNode raft;
    private final long term;
    private final AtomicInteger ids = new AtomicInteger();

    private RaftBench(RaftNode raft, long term) {
        this.raft = raft;
        this.term = term;
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments.length == 0 ? "." : arguments[0]), "raft-bench");
        try (RaftNode raft = RaftNode.open(new RaftConfig(
                directory, new RaftIdentity("bench", 1, "node"), "127.0.0.1:4242", true, Instant::now))) {
            CompletableFuture<Long> leads = new CompletableFuture<>();
            raft.onLeadership((OptionalLong term) -> term.ifPresent(leads::complete));
            RaftBench bench = new RaftBench(raft, leads.get(10, TimeUnit.SECONDS));
            bench.report(1, EACH_ALONE);
            bench.report(MANY, EACH_OF_MANY);
        } finally {
            remove(directory);
        }
    }

    private void report(int threads, int each) throws InterruptedException {
        double[] rates = new double[ROUNDS];
        double[] medians = new double[ROUNDS];
        double[] slowest = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long[] nanos = new long[threads * each];
            long begin = System.nanoTime();
            write(threads, each, nanos);
            rates[round] = nanos.length / ((System.nanoTime() - begin) / 1e9);
            Arrays.sort(nanos);
            medians[round] = nanos[nanos.length / 2] / 1e6;
            slowest[round] = nanos[nanos.length * 99 / 100] / 1e6;
        }
        System.out.printf(
                Locale.ROOT,
                "create a small secret, %d threads: %.0f /s (best %.0f), median %.3f ms, p99 %.3f ms%n",
                threads,
                median(rates),
                Arrays.stream(rates).max().orElseThrow(),
                median(medians),
                median(slowest));
    }

    private void write(int threads, int each, long[] nanos) throws InterruptedException {
        Thread[] writers = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            int from = t * each;
            writers[t] = Thread.ofPlatform().start(() -> {
                for (int i = from; i < from + each; i++) {
                    long begin = System.nanoTime();
                    Secret secret = secret(ids.incrementAndGet());
                    raft.update(term, tx -> tx.create(Table.SECRETS, secret).getId());
                    nanos[i] = System.nanoTime() - begin;
                }
            });
        }
        for (Thread writer : writers) {
            writer.join();
        }
    }

    private static Secret secret(int number) {
        return Secret.newBuilder()
                .setId("secret%019d".formatted(number))
                .setSpec(SecretSpec.newBuilder()
                        .setAnnotations(Annotations.newBuilder().setName("secret-" + number))
                        .setData(ByteString.copyFromUtf8("a small secret")))
                .build();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
