package io.osmia.executor.podman.internal;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.TaskExit;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Has Podman run the health checks that are due. Nobody does it in the background: who waits for a container does it meanwhile.
 * Podman keeps the result; here is only kept when the next one is due, and how many in a row did not come back, which Podman
 * 4 does not bound.
 */
final class HealthChecks {

    private static final Duration SLACK = Duration.ofSeconds(2);

    /** Checks at a time, apart from all other calls: each one that hangs takes a place for as long as it may. */
    private static final int PARALLEL = 64;

    private static final Duration NO_PLACE = Duration.ofMillis(500);
    private static final Duration PING = Duration.ofSeconds(2);

    private final PodmanApi api;
    private final Semaphore places = new Semaphore(PARALLEL);
    private final Map<String, Round> rounds = new ConcurrentHashMap<>();

    HealthChecks(PodmanApi api) {
        this.api = api;
    }

    /** The checks of one container. */
    private static final class Round {
        private final ReentrantLock running = new ReentrantLock();
        private volatile Instant due;
        private volatile int hung;

        Round(Instant due) {
            this.due = due;
        }
    }

    private Round round(String name, ContainerState state) {
        return rounds.computeIfAbsent(
                name, n -> new Round(state.startedAt().plus(interval(state, state.startedAt()))));
    }

    private static Duration interval(ContainerState state, Instant now) {
        HealthSettings health = state.health();
        boolean starting = now.isBefore(state.startedAt().plus(health.startPeriod()));
        return starting && health.startInterval().compareTo(health.interval()) < 0
                ? health.startInterval()
                : health.interval();
    }

    /** How long the next check can wait; a long time for a container without one. */
    Duration untilDue(String name, ContainerState state) {
        return state.health().exists() && state.runs()
                ? Duration.between(Instant.now(), round(name, state).due)
                : Duration.ofDays(1);
    }

    /** Runs the check if it is due; returns when it has a result. */
    void runIfDue(String name, ContainerState state) throws ExecutorException, InterruptedException {
        if (!state.health().exists() || state.phase() != ContainerState.Phase.RUNNING) {
            return;
        }
        Round round = round(name, state);
        if (Instant.now().isBefore(round.due) || !round.running.tryLock()) {
            return;
        }
        Duration next = NO_PLACE;
        try {
            if (places.tryAcquire()) {
                next = interval(state, Instant.now());
                try {
                    run(name, state, round);
                } finally {
                    places.release();
                }
            }
        } finally {
            round.due = Instant.now().plus(next);
            round.running.unlock();
        }
    }

    private void run(String name, ContainerState state, Round round) throws ExecutorException, InterruptedException {
        Instant began = Instant.now();
        Duration bound = state.health().timeout().plus(SLACK);
        try {
            // Whatever it answers, the result is with the container.
            api.getAside(PodmanApi.at("containers", name, "healthcheck"), bound);
            round.hung = 0;
        } catch (AwayException e) {
            if (api.isClosed() || Duration.between(began, Instant.now()).compareTo(bound) < 0) {
                throw e;
            }
            // Else it may be Podman that hangs, and not the check.
            api.ping(PING);
            boolean starting = began.isBefore(state.startedAt().plus(state.health().startPeriod()));
            round.hung = starting ? 0 : round.hung + 1;
        }
    }

    /** Whether Podman says so, or its checks did not come back as often as they may fail. */
    boolean unhealthy(String name, ContainerState state) {
        Round round = rounds.get(name);
        return state.unhealthy()
                || (state.health().exists() && round != null && round.hung >= state.health().retries());
    }

    /** How it ended. What this executor had stopped since its checks did not come back is unhealthy. */
    TaskExit exit(String name, ContainerState state) {
        return unhealthy(name, state)
                ? new TaskExit(OptionalInt.empty(), TaskExit.UNHEALTHY, state.exit().at())
                : state.exit();
    }

    void forget(String name) {
        rounds.remove(name);
    }
}
