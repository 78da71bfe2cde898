package io.osmia.itests.cluster;

import io.osmia.itests.harness.Footprint;
import io.osmia.itests.harness.NodeLogs;
import io.osmia.itests.harness.OnDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Executors are swapped, engines restarted and the node killed, in random order, under tasks of every kind: a hundred, but for the short form. */
@ExtendWith(NodeLogs.class)
@Timeout(value = 3, unit = TimeUnit.HOURS)
class SoakIT {

    /** The short form of {@code verify}, in which starting the tasks takes longer than everything after. */
    private static final double SHORT = 0.25;

    private static final double MINUTES =
            Double.parseDouble(System.getProperty("osmia.soak.minutes", String.valueOf(SHORT)));
    private static final int TASKS = Integer.getInteger("osmia.soak.tasks", MINUTES > SHORT ? 100 : 30);
    private static final int MOST_PAUSE_MILLIS = 1000;

    @TempDir(factory = OnDisk.class)
    Path dir;

    private final List<Long> handOvers = new ArrayList<>();
    private final List<Long> takeOvers = new ArrayList<>();
    private final long begun = System.nanoTime();
    private int restarts;

    @Test
    @DisplayName("no task notices a swap, an engine that restarts or a kill -9; the full hour: README")
    void noTaskNoticesWhatHappensToThoseWhoLookAfterIt() throws Exception {
        long seed = Long.getLong("osmia.seed", System.nanoTime());
        say("seed " + seed + ", " + MINUTES + " minutes");
        Random random = new Random(seed);
        long millis = (long) (MINUTES * 60_000);
        try (LoadedNode node = new LoadedNode(dir)) {
            node.load(TASKS, "sleep", "1000000");
            say(TASKS + " tasks run: " + node.kinds());
            startEnding(node, random, millis);
            Footprint before = Footprint.of(node.node().process());
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            while (System.nanoTime() < end) {
                disturb(node, random);
                node.assertAlive();
                node.assertEndsReportedOnce();
                pass(random.nextInt(MOST_PAUSE_MILLIS));
            }
            node.assertNothingHappened();
            say(handOvers.size() + " swaps, hand-over ms " + median(handOvers) + "; " + restarts + " engine restarts; "
                    + takeOvers.size() + " kills, all taken over after ms " + median(takeOvers));
            say("at the beginning " + before + ", at the end " + Footprint.of(node.node().process()));
        }
    }

    /** Some tasks end by themselves meanwhile: processes, and containers of the one engine that gets new ones. */
    private static void startEnding(LoadedNode node, Random random, long millis) {
        int each = (int) Math.max(3, millis / 60_000);
        for (String kind : new TreeSet<>(List.of(node.kinds().getFirst(), LoadedNode.PROCESS))) {
            for (int i = 0; i < each; i++) {
                int seconds = 1 + random.nextInt((int) (millis / 1000));
                node.ending("ends-" + kind + "-" + i, kind, seconds, 1 + random.nextInt(100));
            }
        }
    }

    private void disturb(LoadedNode node, Random random) throws Exception {
        String kind = node.kinds().get(random.nextInt(node.kinds().size()));
        int choice = random.nextInt(10);
        if (choice < 5) {
            swap(node, kind);
        } else if (choice < 8 && !kind.equals(LoadedNode.PROCESS)) {
            restartEngine(node, kind, random);
        } else {
            killNode(node);
        }
    }

    private void swap(LoadedNode node, String kind) throws Exception {
        long millis = node.swap(kind);
        handOvers.add(millis);
        say("executor " + kind + " swapped, hand-over in " + millis + " ms");
    }

    private void killNode(LoadedNode node) throws Exception {
        node.kill();
        long millis = node.restart();
        takeOvers.add(millis);
        say("node killed, all taken over " + millis + " ms after its start");
    }

    private void restartEngine(LoadedNode node, String kind, Random random) throws Exception {
        boolean kill = random.nextBoolean();
        if (kill) {
            node.engine(kind).kill();
        } else {
            node.engine(kind).stop();
        }
        say("engine " + kind + (kill ? " killed" : " stopped"));
        if (random.nextInt(3) == 0) {
            swap(node, kind);
        } else {
            pass(random.nextInt(MOST_PAUSE_MILLIS));
        }
        node.engine(kind).run();
        restarts++;
        say("engine " + kind + " is back");
    }

    /** Nothing is waited for. */
    private static void pass(int millis) {
        Awaitility.await("time to pass").pollDelay(Duration.ofMillis(millis)).atMost(Duration.ofMinutes(1))
                .until(() -> true);
    }

    private void say(String text) {
        System.out.printf("SoakIT: %6.1f s %s%n", (System.nanoTime() - begun) / 1e9, text);
    }

    private static String median(List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? "-" : sorted.get(sorted.size() / 2) + " (most " + sorted.getLast() + ")";
    }
}
