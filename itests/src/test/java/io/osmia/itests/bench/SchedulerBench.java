package io.osmia.itests.bench;

import io.osmia.api.scheduling.Candidate;
import io.osmia.api.scheduling.SchedulingStrategy;
import io.osmia.api.scheduling.TaskGroup;
import io.osmia.scheduler.internal.Scheduler;
import io.osmia.scheduler.internal.plugin.Attempts;
import io.osmia.scheduler.internal.plugin.ConstraintCompiler;
import io.osmia.scheduler.internal.plugin.Installed;
import io.osmia.scheduler.internal.plugin.PluginSet;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.store.loop.Simulation;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.osgi.framework.Version;

/**
 * The scheduler's own numbers, on a store in memory: 10,000 tasks for 1,000 nodes, once as one group and once as 100; then
 * one more task in the full cluster. Run by hand; prints medians.
 */
public final class SchedulerBench {

    private static final int NODES = 1_000;
    private static final int TASKS = 10_000;
    private static final int ROUNDS = 7;
    private static final long TERM = 1;

    private static final Comparator<Candidate> SPREAD =
            Comparator.comparingInt(Candidate::serviceTasks).thenComparingInt(Candidate::activeTasks);

    private SchedulerBench() {}

    public static void main(String[] arguments) {
        measure("one service", 1);
        measure("100 services", 100);
    }

    private static void measure(String what, int services) {
        double[] fill = new double[ROUNDS];
        double[] more = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            Simulation simulation = cluster();
            add(simulation, 0, TASKS, services);
            fill[round] = schedule(simulation, TASKS);
            add(simulation, TASKS, 1, services);
            more[round] = schedule(simulation, TASKS + 1);
        }
        System.out.printf(Locale.ROOT, "%s: %d tasks on %d nodes in %.0f ms, one more in %.2f ms%n",
                what, TASKS, NODES, median(fill), median(more));
    }

    private static Simulation cluster() {
        Simulation simulation = new Simulation(Instant.EPOCH);
        simulation.store().batch(TERM, IntStream.range(0, NODES).<Consumer<Tx>>mapToObj(i -> tx -> {
            Node.Builder node = Node.newBuilder().setId("n%05d".formatted(i));
            node.getStatusBuilder().setState(NodeStatus.State.READY);
            node.getDescriptionBuilder().getResourcesBuilder().setMemoryBytes(1L << 40);
            tx.create(Table.NODES, node.build());
        }).toList());
        simulation.add("scheduler",
                new Scheduler(simulation.store(), TERM, plugins(), Attempts.DIRECT, simulation::now));
        simulation.advance(Duration.ofSeconds(1));
        return simulation;
    }

    private static Supplier<ConstraintCompiler> plugins() {
        SchedulingStrategy spread = new SchedulingStrategy() {
            @Override
            public String name() {
                return "spread";
            }

            @Override
            public Comparator<Candidate> order(TaskGroup group) {
                return SPREAD;
            }
        };
        ConstraintCompiler compiler = new ConstraintCompiler(new PluginSet.Builder()
                .strategy(new Installed<>(spread, "spread", new Version("1.0.0"), 1))
                .build());
        return () -> compiler;
    }

    private static void add(Simulation simulation, int first, int count, int services) {
        List<Consumer<Tx>> steps = IntStream.range(first, first + count)
                .<Consumer<Tx>>mapToObj(i -> tx -> {
                    Task.Builder task = Task.newBuilder()
                            .setId("t%06d".formatted(i))
                            .setServiceId("s" + i % services)
                            .setDesiredState(TaskState.RUNNING);
                    task.getSpecVersionBuilder().setIndex(1);
                    task.getSpecBuilder().getResourcesBuilder().getReservationsBuilder().setMemoryBytes(1 << 20);
                    task.getStatusBuilder().setState(TaskState.PENDING);
                    tx.create(Table.TASKS, task.build());
                })
                .toList();
        simulation.store().batch(TERM, steps);
    }

    /** Milliseconds until all tasks have their nodes, the writing included. */
    private static double schedule(Simulation simulation, int expected) {
        long begin = System.nanoTime();
        simulation.settle();
        double milliseconds = (System.nanoTime() - begin) / 1e6;
        int assigned = simulation.store().view().find(Table.TASKS, By.observed(TaskState.ASSIGNED)).size();
        if (assigned != expected) {
            throw new IllegalStateException("%d tasks of %d are assigned".formatted(assigned, expected));
        }
        simulation.advance(Duration.ofSeconds(1));
        return milliseconds;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
