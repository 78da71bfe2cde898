package io.osmia.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class CarriersTest {

    private static final Duration LOOK = Duration.ofMillis(100);

    private final VirtualThreadSchedulerMXBean scheduler =
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    private final int normal = scheduler.getParallelism();
    private final List<String> said = new CopyOnWriteArrayList<>();

    @Test
    void whenAllCarriersAreKeptThereAreMoreUntilTheyAreFree() throws Exception {
        AtomicBoolean free = new AtomicBoolean();
        Thread carriers = Thread.ofPlatform().daemon().start(new Carriers(LOOK, said::add));
        try {
            CountDownLatch kept = new CountDownLatch(normal);
            for (int i = 0; i < normal; i++) {
                Thread.ofVirtual().start(() -> {
                    kept.countDown();
                    while (!free.get()) {
                        Thread.onSpinWait();
                    }
                });
            }
            kept.await();

            Thread another = Thread.ofVirtual().start(() -> {});

            assertThat(another.join(Duration.ofSeconds(30))).as("another virtual thread got its turn").isTrue();
            // It says so after it has done it.
            Awaitility.await("it says so").until(() -> !said.isEmpty());
            assertThat(said).first().asString().contains("carriers now instead of " + normal);
            free.set(true);
            Awaitility.await("as many as before")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> scheduler.getParallelism() == normal);
        } finally {
            free.set(true);
            carriers.interrupt();
            carriers.join();
            scheduler.setParallelism(normal);
        }
    }
}
