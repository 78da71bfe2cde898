package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Node;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class KillTest {

    private static final int ROUNDS = 5;

    @TempDir
    Path stateDir;

    @Test
    @Timeout(300)
    @DisplayName("after kill -9 each acknowledged write is there, and of the others only a whole one in flight each")
    void everyAcknowledgedWriteSurvivesAKill() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        TreeSet<String> acknowledged = new TreeSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            acknowledged.addAll(writeUntilKilled("r" + round, 1 + random.nextInt(400)));
            TreeSet<String> found = ids();
            assertThat(found).as("seed %d, round %d", seed, round).containsAll(acknowledged);
            assertGapless(found);
            assertThat(found).hasSizeLessThanOrEqualTo(acknowledged.size() + KilledWriter.WRITERS * (round + 1));
        }
    }

    private List<String> writeUntilKilled(String prefix, int lines) throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                KilledWriter.class.getName(),
                stateDir.toString(),
                prefix)
                .redirectError(Redirect.DISCARD)
                .start();
        List<String> read = new ArrayList<>();
        try (BufferedReader out = writer.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                read.add(line);
                if (read.size() == lines) {
                    // The process's own destroyForcibly() would close the pipe, with lines in it.
                    writer.toHandle().destroyForcibly();
                }
            }
        } finally {
            writer.destroyForcibly();
        }
        assertThat(writer.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(read).as("lines written before the kill").hasSizeGreaterThanOrEqualTo(lines);
        // The kill may have cut the last line short.
        read.removeIf(line -> line.length() != read.getFirst().length());
        return read;
    }

    private TreeSet<String> ids() throws InterruptedException {
        try (Fixture node = Fixture.open(stateDir)) {
            TreeSet<String> ids = new TreeSet<>();
            node.raft.view().find(Table.NODES, By.ALL).stream().map(Node::getId).forEach(ids::add);
            return ids;
        }
    }

    /** Each writer wrote one after the other, so what is there of it has no gap. */
    private static void assertGapless(TreeSet<String> ids) {
        String before = "";
        for (String id : ids) {
            int cut = id.lastIndexOf('-');
            int number = Integer.parseInt(id.substring(cut + 1));
            if (number > 0) {
                assertThat(before).isEqualTo("%s-%06d".formatted(id.substring(0, cut), number - 1));
            }
            before = id;
        }
    }
}
