package io.osmia.itests.bench;

import io.osmia.store.By;
import io.osmia.store.LocalStore;
import io.osmia.store.StoreMachine;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.store.View;
import io.osmia.store.loop.CountingIds;
import io.osmia.wire.ObjectIds;
import io.osmia.wire.osmia.Transaction;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The store's own numbers, in memory: get by id, creation in batches, heap per task. A task has 1 KB as protobuf, 5
 * environment entries and 3 labels. Run by hand, with a heap of 2 GB; prints medians.
 */
public final class StoreBench {

    private static final int TASKS = 100_000;
    private static final int TASKS_PER_SERVICE = 100;
    private static final int ROUNDS = 7;
    private static final long TERM = 1;

    private final Random random = new Random(1);

    private StoreBench() {}

    public static void main(String[] arguments) throws IOException {
        StoreBench bench = new StoreBench();
        System.out.printf(Locale.ROOT, "task: %d bytes as protobuf%n", bench.tasks().getFirst().getSerializedSize());
        bench.create();
        bench.get();
        bench.update();
        bench.heap("created here, one spec per service", machine -> bench.fill(machine, bench.tasks()));
        bench.heap("created here, own spec each", machine -> bench.fill(machine, bench.unshared(bench.tasks())));
        bench.heap("read from a snapshot", bench::restore);
    }

    private void create() {
        double[] seconds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            List<Consumer<Tx>> steps = creations(tasks());
            LocalStore store = new LocalStore(() -> Instant.EPOCH);
            long begin = System.nanoTime();
            store.batch(TERM, steps);
            seconds[round] = (System.nanoTime() - begin) / 1e9;
            require(store.view().count(Table.TASKS) == TASKS);
        }
        report("create 100,000 tasks in batches, s", seconds);
    }

    private void update() {
        LocalStore store = filled();
        double[] seconds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            TaskState state = round % 2 == 0 ? TaskState.RUNNING : TaskState.FAILED;
            List<Consumer<Tx>> steps = new ArrayList<>();
            for (Task task : store.view().find(Table.TASKS, By.ALL)) {
                steps.add(tx -> tx.update(
                        Table.TASKS,
                        task.toBuilder().setStatus(TaskStatus.newBuilder().setState(state)).build()));
            }
            long begin = System.nanoTime();
            store.batch(TERM, steps);
            seconds[round] = (System.nanoTime() - begin) / 1e9;
            require(store.view().find(Table.TASKS, By.observed(state)).size() == TASKS);
        }
        report("update the status of 100,000 tasks in batches, s", seconds);
    }

    private void get() {
        View view = filled().view();
        String[] ids = view.find(Table.TASKS, By.ALL).stream()
                .map(task -> new String(task.getId().toCharArray()))
                .toArray(String[]::new);
        double[] micros = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            shuffle(ids);
            long found = 0;
            long begin = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                for (String id : ids) {
                    found += view.get(Table.TASKS, id) == null ? 0 : 1;
                }
            }
            micros[round] = (System.nanoTime() - begin) / 1e3 / found;
            require(found == 10L * TASKS);
        }
        report("get a random one of 100,000 tasks by id, µs", micros);
    }

    private void heap(String how, ThrowingConsumer filler) throws IOException {
        long before = used();
        StoreMachine machine = new StoreMachine();
        filler.accept(machine);
        long after = used();
        require(machine.committed().count(Table.TASKS) == TASKS);
        System.out.printf(Locale.ROOT, "heap per task, %s: %.2f KB%n", how, (after - before) / 1024.0 / TASKS);
    }

    private void restore(StoreMachine machine) throws IOException {
        StoreMachine source = new StoreMachine();
        fill(source, tasks());
        ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
        source.writeSnapshot(source.committed(), snapshot);
        byte[] bytes = snapshot.toByteArray();
        long begin = System.nanoTime();
        machine.restore(new ByteArrayInputStream(bytes));
        System.out.printf(
                Locale.ROOT, "restore %d MB: %.2f s%n", bytes.length >> 20, (System.nanoTime() - begin) / 1e9);
    }

    private void fill(StoreMachine machine, List<Task> tasks) {
        for (int from = 0; from < tasks.size(); from += 100) {
            List<Task> some = tasks.subList(from, Math.min(tasks.size(), from + 100));
            Transaction transaction = machine.propose(Instant.EPOCH, tx -> {
                some.forEach(task -> tx.create(Table.TASKS, task));
                return 0;
            })
                    .transaction();
            machine.apply(transaction);
        }
    }

    private LocalStore filled() {
        LocalStore store = new LocalStore(() -> Instant.EPOCH);
        store.batch(TERM, creations(tasks()));
        return store;
    }

    private static List<Consumer<Tx>> creations(List<Task> tasks) {
        List<Consumer<Tx>> steps = new ArrayList<>();
        tasks.forEach(task -> steps.add(tx -> tx.create(Table.TASKS, task)));
        return steps;
    }

    private List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        CountingIds services = new CountingIds();
        for (int i = 0; i < TASKS; i += TASKS_PER_SERVICE) {
            Task service = template(services.next(), "service-" + i);
            for (int slot = 1; slot <= TASKS_PER_SERVICE; slot++) {
                tasks.add(service.toBuilder().setId(id()).setSlot(slot).build());
            }
        }
        return tasks;
    }

    private static Task template(String serviceId, String name) {
        ContainerSpec.Builder container = ContainerSpec.newBuilder().setImage("registry.example/shop/front:1.2.3");
        for (int i = 0; i < 5; i++) {
            container.addEnv("VARIABLE_" + i + "=" + name + "x".repeat(110));
        }
        Annotations.Builder annotations = Annotations.newBuilder().setName(name);
        for (int i = 0; i < 3; i++) {
            annotations.putLabels("com.example.label-" + i, "value " + i);
        }
        return Task.newBuilder()
                .setServiceId(serviceId)
                .setNodeId(serviceId)
                .setDesiredState(TaskState.RUNNING)
                .setServiceAnnotations(annotations)
                .setSpec(TaskSpec.newBuilder().setContainer(container))
                .setStatus(TaskStatus.newBuilder().setState(TaskState.RUNNING).setMessage("started"))
                .build();
    }

    /** The same tasks, sharing nothing, as if each had been read on its own. */
    private List<Task> unshared(List<Task> tasks) {
        List<Task> copies = new ArrayList<>();
        for (Task task : tasks) {
            try {
                copies.add(Task.parseFrom(task.toByteArray()));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
        return copies;
    }

    private String id() {
        byte[] bytes = new byte[ObjectIds.BYTES];
        random.nextBytes(bytes);
        return ObjectIds.of(bytes);
    }

    private void shuffle(String[] ids) {
        for (int i = ids.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            String id = ids[i];
            ids[i] = ids[other];
            ids[other] = id;
        }
    }

    private static long used() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void report(String what, double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        System.out.printf(Locale.ROOT, "%s: median %.3f, best %.3f, worst %.3f%n", what,
                sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalStateException("the benchmark does not do what it says");
        }
    }

    /** Fills a machine. */
    private interface ThrowingConsumer {
        void accept(StoreMachine machine) throws IOException;
    }
}
