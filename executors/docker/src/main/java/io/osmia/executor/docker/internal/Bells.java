package io.osmia.executor.docker.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes those who wait for something to happen to a container. What has happened they ask the engine themselves, so that an
 * event that is lost, comes twice or too late does no harm.
 */
final class Bells {

    private final Map<String, Set<Bell>> bells = new ConcurrentHashMap<>();

    /** What happens from now on is heard. */
    Bell listen(String container) {
        Bell bell = new Bell(container);
        bells.compute(container, (name, listening) -> {
            Set<Bell> all = listening == null ? ConcurrentHashMap.newKeySet() : listening;
            all.add(bell);
            return all;
        });
        return bell;
    }

    void ring(String container) {
        bells.getOrDefault(container, Set.of()).forEach(bell -> bell.rung.release());
    }

    void ringAll() {
        bells.keySet().forEach(this::ring);
    }

    /** Containers that somebody waits for. */
    Set<String> listenedTo() {
        return Set.copyOf(bells.keySet());
    }

    /** One who waits. */
    final class Bell implements AutoCloseable {

        private final String container;
        private final Semaphore rung = new Semaphore(0);

        private Bell(String container) {
            this.container = container;
        }

        /** Waits until something may have happened since the last time, at most so long. */
        void await(Duration bound) throws InterruptedException {
            if (rung.tryAcquire(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                rung.drainPermits();
            }
        }

        @Override
        public void close() {
            bells.computeIfPresent(container, (name, listening) -> {
                listening.remove(this);
                return listening.isEmpty() ? null : listening;
            });
        }
    }
}
