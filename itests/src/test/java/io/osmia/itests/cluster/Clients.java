package io.osmia.itests.cluster;

import io.osmia.itests.harness.Node;
import io.osmia.itests.history.History;
import io.osmia.itests.history.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** Clients that create, read, update and remove configs through random managers until they are ended. */
final class Clients implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final List<Node> managers;
    private final History history;
    private final Set<String> names = new ConcurrentSkipListSet<>();
    private final Set<String> lasting = new ConcurrentSkipListSet<>();
    private final AtomicLong values = new AtomicLong();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();
    private volatile List<String> current = List.of();
    private volatile boolean over;

    Clients(List<Node> managers, History history) {
        this.managers = managers;
        this.history = history;
    }

    /** From now on they quarrel over other objects. */
    void names(List<String> some) {
        names.addAll(some);
        current = some;
    }

    void start(int count, long seed) {
        for (int client = 0; client < count; client++) {
            int number = client;
            running.add(threads.submit(() -> run(number, new Random(seed + number))));
        }
    }

    private void run(int client, Random random) {
        NamedConfigs configs = new NamedConfigs(client, history, values, PATIENCE);
        for (long i = 0; !over; i++) {
            Node manager = managers.get(random.nextInt(managers.size()));
            List<String> some = current;
            String name = some.get(random.nextInt(some.size()));
            switch (random.nextInt(10)) {
                case 0, 1 -> configs.create(manager, name);
                case 2, 3, 4 -> configs.update(manager, name);
                case 5 -> configs.remove(manager, name);
                case 6 -> last(configs, manager, "lasting-" + client + "-" + i);
                default -> configs.read(manager, name);
            }
        }
    }

    /** Nobody removes these: what was acknowledged can be counted at the end. */
    private void last(NamedConfigs configs, Node manager, String name) {
        if (configs.create(manager, name) instanceof Outcome.Done) {
            lasting.add(name);
        }
    }

    /** Names of what was created with an acknowledgement and never removed. */
    Set<String> lasting() {
        return Set.copyOf(lasting);
    }

    void end() throws InterruptedException, ExecutionException, TimeoutException {
        over = true;
        for (Future<?> one : running) {
            one.get(60, TimeUnit.SECONDS);
        }
    }

    /** One more read of each object, so that the history says how it ended. */
    void readAll(Node manager) {
        NamedConfigs configs = new NamedConfigs(-1, history, values, Duration.ofSeconds(20));
        for (String name : names) {
            Awaitility.await(manager.stateDir() + " answers a read of " + name)
                    .atMost(Node.SOON)
                    .pollDelay(Duration.ZERO)
                    .until(() -> configs.read(manager, name));
        }
    }

    @Override
    public void close() {
        over = true;
        threads.close();
    }
}
