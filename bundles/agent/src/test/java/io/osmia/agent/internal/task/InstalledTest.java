package io.osmia.agent.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.ExecutorException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class InstalledTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    private final Installed installed = new Installed(new DescribedExecutor("docker", true), 1);

    @Test
    void whoIsInterruptedWhileItDescribesItselfDoesNotPutItOutOfUse() {
        assertThat(installed.describe()).isPresent();
        Thread.currentThread().interrupt();
        // Until the description is too old to be given again.
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(400);
        while (System.nanoTime() < end) {
            assertThat(installed.describe()).isPresent();
            assertThat(installed.trouble()).isEmpty();
        }
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void theFirstTaskGoesAheadOfTheOthers() throws Exception {
        Installed cold = new Installed(new DescribedExecutor("docker", true), 1, BOUND);
        List<String> order = new CopyOnWriteArrayList<>();
        cold.enter();
        Thread other = Thread.ofVirtual().start(() -> {
            try {
                cold.enter();
                order.add("the others");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Awaitility.await("it waits").atMost(BOUND).until(() -> other.getState() == Thread.State.TIMED_WAITING);
        order.add("the first");
        cold.tried();
        assertThat(other.join(BOUND)).isTrue();
        assertThat(order).containsExactly("the first", "the others");
    }

    @Test
    void nobodyWaitsForAFirstTaskThatDoesNotArrive() throws Exception {
        Installed cold = new Installed(new DescribedExecutor("docker", true), 1, Duration.ofMillis(1));
        cold.enter();
        cold.enter();
    }

    @Test
    void aCallWhoseCallerIsInterruptedHasAMomentToReturn() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        AtomicBoolean trouble = new AtomicBoolean();
        Thread caller = Thread.ofVirtual().start(() -> ask(asked, trouble));
        asked.await();
        caller.interrupt();
        assertThat(caller.join(BOUND)).isTrue();
        assertThat(trouble).isFalse();
    }

    /** The call returns a moment after it was interrupted, and sees whether that puts the executor out of use. */
    private void ask(CountDownLatch asked, AtomicBoolean trouble) {
        try {
            installed.ask("list", BOUND, () -> {
                asked.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
                    while (System.nanoTime() < end && !trouble.get()) {
                        trouble.set(installed.trouble().isPresent());
                    }
                }
                return true;
            });
            throw new AssertionError("it was not interrupted");
        } catch (ExecutorException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            // as it should be
        }
    }
}
