package io.osmia.executor.podman.internal;

import io.osmia.api.executor.ExecutorException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Has Podman run the health checks that are due. Nobody does it in the background: who waits for a container does it meanwhile.
 * Podman keeps the result; here is only kept when the next one is due, and how many in a row did not come back, which Podman
 * 4 does not bound.
 */
final class HealthChecks {

    private static final Duration SLACK = Duration.ofSeconds(2);

    private final PodmanApi api;
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
        try {
            run(name, state, round);
        } finally {
            round.due = Instant.now().plus(interval(state, Instant.now()));
            round.running.unlock();
        }
    }

    private void run(String name, ContainerState state, Round round) throws ExecutorException, InterruptedException {
        Instant began = Instant.now();
        Duration bound = state.health().timeout().plus(SLACK);
        try {
            // Whatever it answers, the result is with the container.
            api.get(PodmanApi.at("containers", name, "healthcheck"), bound);
            round.hung = 0;
        } catch (AwayException e) {
            if (Duration.between(began, Instant.now()).compareTo(bound) < 0) {
                throw e;
            }
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

    void forget(String name) {
        rounds.remove(name);
    }
}
