package io.osmia.scheduler.internal;

import static io.osmia.scheduler.internal.Scene.SPREAD;
import static io.osmia.scheduler.internal.Scene.spec;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.scheduling.Candidate;
import io.osmia.api.scheduling.NodeFilter;
import io.osmia.api.scheduling.SchedulingStrategy;
import io.osmia.api.scheduling.TaskGroup;
import io.osmia.scheduler.internal.plugin.PluginSet;
import io.osmia.scheduler.internal.plugin.WatchedAttempts;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Strategies and filters that come, go, throw and lie (design sections 4 and 5). */
class PluginsTest {

    private static final Comparator<Candidate> LAST_ID =
            Comparator.comparing((Candidate candidate) -> candidate.node().id()).reversed();

    private final Scene scene = new Scene();

    @Test
    void theLabelOfTheServiceChoosesTheStrategy() {
        twoNodes();
        scene.install(scene.builtIn().strategy(scene.strategy("last", "1.0.0", LAST_ID)));
        scene.service("s", 1, Map.of("osmia.strategy", "last"));
        scene.start();
        scene.tasks("s", 4, spec(1));
        scene.run();
        assertThat(scene.spread("s")).isEqualTo(Map.of("n2", 4L));
    }

    @Test
    void theLabelOfTheClusterChoosesForServicesWithoutOne() {
        twoNodes();
        scene.install(scene.builtIn().strategy(scene.strategy("last", "1.0.0", LAST_ID)));
        Cluster.Builder cluster = Cluster.newBuilder().setId("c");
        cluster.getSpecBuilder().getAnnotationsBuilder().setName("default").putLabels("osmia.strategy", "last");
        scene.simulation.store().update(1, tx -> tx.create(Table.CLUSTERS, cluster.build()));
        scene.service("s", 1, Map.of());
        scene.service("own", 1, Map.of("osmia.strategy", "spread"));
        scene.start();
        scene.tasks("s", 2, spec(1));
        scene.run();
        scene.tasks("own", 4, spec(1));
        scene.run();
        assertThat(scene.spread("s")).isEqualTo(Map.of("n2", 2L));
        assertThat(scene.spread("own")).isEqualTo(Map.of("n1", 2L, "n2", 2L));
    }

    @Test
    void withoutTheStrategyTasksWaitForIt() {
        twoNodes();
        scene.install(new PluginSet.Builder());
        scene.service("s", 1, Map.of());
        scene.start();
        List<String> tasks = scene.tasks("s", 2, spec(1));
        scene.run();
        assertThat(tasks).allSatisfy(task -> {
            assertThat(scene.error(task)).isEqualTo("no suitable node (strategy spread is not installed)");
            assertThat(scene.stored(task).getStatus().getState()).isEqualTo(TaskState.PENDING);
        });
        scene.install(scene.builtIn());
        scene.run();
        assertThat(tasks).allSatisfy(task -> assertThat(scene.nodeOf(task)).isNotEmpty());
    }

    @Test
    void ofSeveralVersionsTheHighestPlaces() {
        twoNodes();
        scene.install(new PluginSet.Builder()
                .strategy(scene.strategy("spread", "1.10.0", LAST_ID))
                .strategy(scene.strategy("spread", "1.9.0", LAST_ID.reversed())));
        scene.start();
        String task = scene.task("s");
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n2");
    }

    @Test
    void aStrategyThatDisappearsInMidCallCostsNoTask() {
        twoNodes();
        AtomicInteger calls = new AtomicInteger();
        scene.install(new PluginSet.Builder().strategy(scene.strategy("spread", "1.0.0", (one, other) -> {
            if (calls.incrementAndGet() == 2) {
                scene.install(scene.builtIn());
                throw new NoClassDefFoundError("unloaded");
            }
            return 0;
        })));
        scene.start();
        List<String> tasks = scene.tasks("s", 6, spec(1));
        scene.run();
        assertThat(calls).hasValue(2);
        assertThat(tasks).allSatisfy(task -> assertThat(scene.nodeOf(task)).isNotEmpty());
        assertThat(scene.spread("s")).isEqualTo(Map.of("n1", 3L, "n2", 3L));
    }

    @Test
    void aStrategyThatKeepsFailingIsSetAsideAndThePlainOrderPlaces() {
        twoNodes();
        AtomicInteger calls = new AtomicInteger();
        scene.install(new PluginSet.Builder().strategy(scene.strategy("spread", "1.0.0", (one, other) -> {
            calls.incrementAndGet();
            throw new IllegalStateException("broken");
        })));
        scene.start();
        scene.tasks("s", 4, spec(1));
        scene.run();
        assertThat(scene.spread("s")).isEqualTo(Map.of("n1", 2L, "n2", 2L));
        assertThat(calls).hasValue(3);
        scene.tasks("s", 2, spec(1));
        scene.run();
        assertThat(calls).hasValue(3);
    }

    @Test
    void aServiceThatInsistsOnAStrategyWaitsForABetterOne() {
        twoNodes();
        scene.install(scene.builtIn().strategy(scene.strategy("mine", "1.0.0", (one, other) -> {
            throw new IllegalStateException("broken");
        })));
        scene.service("s", 1, Map.of("osmia.strategy", "mine"));
        scene.start();
        String task = scene.tasks("s", 2, spec(1)).getFirst();
        scene.run();
        assertThat(scene.error(task)).isEqualTo("no suitable node (strategy mine@1.0.0 failed too often)");
        scene.install(scene.builtIn().strategy(scene.strategy("mine", "1.0.1", SPREAD)));
        scene.run();
        assertThat(scene.nodeOf(task)).isNotEmpty();
        assertThat(scene.error(task)).isEmpty();
    }

    @Test
    void aStrategyThatGivesNoOrderIsSetAside() {
        twoNodes();
        scene.install(new PluginSet.Builder().strategy(scene.strategy("spread", "1.0.0", null)));
        scene.start();
        String task = scene.task("s");
        scene.run();
        assertThat(scene.nodeOf(task)).isNotEmpty();
    }

    @Test
    void aStrategyThatContradictsItselfIsSetAside() {
        twoNodes();
        AtomicInteger calls = new AtomicInteger();
        scene.install(new PluginSet.Builder().strategy(scene.strategy("spread", "1.0.0", (one, other) -> {
            calls.incrementAndGet();
            return -1;
        })));
        scene.start();
        scene.tasks("s", 4, spec(1));
        scene.run();
        // each time the first comparison is asked both ways
        assertThat(calls).hasValue(6);
        assertThat(scene.spread("s")).isEqualTo(Map.of("n1", 2L, "n2", 2L));
    }

    @Test
    void aStrategyThatTakesTooLongIsSetAside() {
        twoNodes();
        AtomicInteger calls = new AtomicInteger();
        scene.install(new PluginSet.Builder().strategy(scene.strategy("1.0.0", new SchedulingStrategy() {
            @Override
            public String name() {
                return "spread";
            }

            @Override
            public Comparator<Candidate> order(TaskGroup group) {
                calls.incrementAndGet();
                scene.slow(Duration.ofSeconds(3));
                return SPREAD;
            }
        })));
        scene.start();
        String task = scene.task("s");
        scene.run();
        assertThat(calls).hasValue(3);
        assertThat(scene.nodeOf(task)).isNotEmpty();
    }

    @Test
    void aStrategyThatDoesNotReturnIsLeftBehind() throws InterruptedException {
        twoNodes();
        CountDownLatch ended = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        scene.install(new PluginSet.Builder().strategy(scene.strategy("spread", "1.0.0", (one, other) -> {
            // some nodes are chosen before it gets stuck
            if (calls.incrementAndGet() < 3) {
                return SPREAD.compare(one, other);
            }
            try {
                return blockUntilInterrupted();
            } finally {
                ended.countDown();
            }
        })));
        try (WatchedAttempts watched = new WatchedAttempts("test-plugins", Duration.ofSeconds(2))) {
            scene.attempts = watched;
            scene.start();
            List<String> tasks = scene.tasks("s", 6, spec(1));
            scene.run();
            assertThat(scene.spread("s")).isEqualTo(Map.of("n1", 3L, "n2", 3L));
            assertThat(tasks).allSatisfy(task -> assertThat(scene.nodeOf(task)).isNotEmpty());
            assertThat(ended.await(10, TimeUnit.SECONDS)).as("the thread was interrupted").isTrue();
            assertThat(calls).as("calls of the strategy").hasValue(3);
        }
    }

    private static int blockUntilInterrupted() {
        try {
            new CountDownLatch(1).await();
            return 0;
        } catch (InterruptedException e) {
            return 0;
        }
    }

    @Test
    void whereNoNodePassesNoStrategyIsAsked() {
        scene.service("s", 1, Map.of());
        AtomicInteger calls = new AtomicInteger();
        scene.install(new PluginSet.Builder().strategy(scene.strategy("1.0.0", new SchedulingStrategy() {
            @Override
            public String name() {
                return "spread";
            }

            @Override
            public Comparator<Candidate> order(TaskGroup group) {
                calls.incrementAndGet();
                return SPREAD;
            }
        })));
        scene.start();
        scene.task("s");
        scene.run();
        assertThat(calls).hasValue(0);
    }

    @Test
    void aFilterVetoesWithItsReason() {
        twoNodes();
        scene.service("s", 1, Map.of());
        scene.install(scene.builtIn()
                .filter(scene.filter(filter("windows", (group, candidate) -> candidate.node().id().equals("n1")
                        ? Optional.of(new NodeFilter.Veto("outside of maintenance window", false))
                        : Optional.empty()))));
        scene.start();
        scene.tasks("s", 3, spec(1));
        scene.run();
        assertThat(scene.spread("s")).isEqualTo(Map.of("n2", 3L));
        scene.removeNode("n2");
        String task = scene.task("s", spec(1));
        scene.run();
        assertThat(scene.error(task)).isEqualTo("no suitable node (outside of maintenance window on 1 node)");
    }

    @Test
    void aFilterThatKeepsFailingIsSetAside() {
        twoNodes();
        AtomicInteger calls = new AtomicInteger();
        scene.install(scene.builtIn().filter(scene.filter(filter("broken", (group, candidate) -> {
            calls.incrementAndGet();
            throw new IllegalStateException("broken");
        }))));
        scene.start();
        String task = scene.task("s");
        String fixed = scene.task("g", builder -> builder.setNodeId("n1"));
        scene.run();
        assertThat(scene.nodeOf(task)).isNotEmpty();
        assertThat(calls).hasValue(3);
        scene.run();
        assertThat(scene.stored(fixed).getStatus().getState()).isEqualTo(TaskState.ASSIGNED);
    }

    @Test
    void aConstraintWithoutEvaluatorSaysSo() {
        twoNodes();
        scene.service("s", 1, Map.of());
        scene.install(new PluginSet.Builder().strategy(scene.strategy("spread", "1.0.0", SPREAD)));
        scene.start();
        String task = scene.task("s",
                builder -> builder.getSpecBuilder().getPlacementBuilder().addConstraints("node.id == n1"));
        scene.run();
        assertThat(scene.error(task))
                .isEqualTo("no suitable node (scheduling constraints not satisfied on 2 nodes"
                        + " (no evaluator for node.id is installed))");
        scene.install(scene.builtIn());
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n1");
    }

    private void twoNodes() {
        scene.node("n1");
        scene.node("n2");
    }

    /** The body of a filter. */
    private interface Vetoing {
        Optional<NodeFilter.Veto> veto(TaskGroup group, Candidate candidate);
    }

    private static NodeFilter filter(String name, Vetoing body) {
        return new NodeFilter() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Optional<Veto> veto(TaskGroup group, Candidate candidate) {
                return body.veto(group, candidate);
            }
        };
    }
}
