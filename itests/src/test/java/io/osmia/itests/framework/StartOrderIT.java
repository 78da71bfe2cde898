package io.osmia.itests.framework;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.HostProcesses.Identity;
import io.osmia.itests.harness.OnDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** The order in which bundles start says nothing: components wait for each other. */
class StartOrderIT {

    /** The full number is 50, by {@code -Dosmia.start.orders=50}. */
    private static final int ORDERS = Integer.getInteger("osmia.start.orders", 10);

    private static final int TASKS = 3;

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    void inWhateverOrderBundlesStartTheNodeTakesItsTasksOverAndTakesWork() throws Exception {
        long seed = Long.getLong("osmia.seed", System.nanoTime());
        System.out.println("StartOrderIT: seed " + seed + ", " + ORDERS + " orders");
        Random random = new Random(seed);
        try (FrameworkNode node = new FrameworkNode(dir.resolve("n"))) {
            node.start(node.felix().bundles());
            node.awaitOneMore(TASKS);
            Map<String, TreeSet<String>> services = node.services();
            Map<String, Identity> processes = node.processes();
            for (int order = 1; order <= ORDERS; order++) {
                List<Bundle> bundles = new ArrayList<>(node.felix().bundles());
                Collections.shuffle(bundles, random);
                node.stop(bundles);
                Collections.shuffle(bundles, random);
                node.start(bundles);
                node.awaitOneMore(TASKS + order);
                Awaitility.await("all components of order " + order)
                        .atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(node.services()).isEqualTo(services));
                Map<String, Identity> now = node.processes();
                assertThat(now).as("processes after order %d", order).containsAllEntriesOf(processes);
                processes = now;
            }
        }
    }
}
