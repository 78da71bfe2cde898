package io.osmia.executor.podman.internal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.osmia.api.executor.Health;
import io.osmia.api.executor.Port;
import io.osmia.api.executor.TaskExit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * A container as Podman's inspect tells it.
 *
 * @param phase how far it is
 * @param id Podman's id
 * @param taskId task whose container it is; empty for one that somebody else made
 * @param pid process id on this machine; 0 for none
 * @param exitCode exit code once it has ended
 * @param outOfMemory whether its memory limit ended it, as far as Podman noticed
 * @param error what Podman says went wrong
 * @param startedAt when it started; {@link Instant#EPOCH} when it has not
 * @param finishedAt when it ended
 * @param health its check
 * @param healthStatus {@code starting}, {@code healthy}, {@code unhealthy} or empty
 * @param memoryLimit in bytes; 0 for none
 * @param stopSignal number of the signal that asks it to stop
 * @param tty whether it has a terminal
 * @param ports host ports by {@code port/protocol}
 */
record ContainerState(
        Phase phase,
        String id,
        String taskId,
        long pid,
        int exitCode,
        boolean outOfMemory,
        String error,
        Instant startedAt,
        Instant finishedAt,
        HealthSettings health,
        String healthStatus,
        long memoryLimit,
        int stopSignal,
        boolean tty,
        Map<String, Set<Integer>> ports) {

    /** How far a container is. */
    enum Phase {
        /** Was never started. */
        PREPARED,
        /** Runs, or is about to end. */
        RUNNING,
        /** Runs and stands still. */
        PAUSED,
        /** Has ended. */
        ENDED,
        /** Was running when the machine went down. */
        LOST
    }

    private static final int KILLED = 128 + Signals.KILL;

    static ContainerState of(JsonObject inspect) {
        JsonObject state = Json.object(inspect, "State");
        JsonObject config = Json.object(inspect, "Config");
        JsonObject labels = Json.object(config, "Labels");
        JsonObject health = Json.object(state, "Health");
        Instant startedAt = Json.time(state, "StartedAt");
        return new ContainerState(
                phase(Json.text(state, "Status"), startedAt),
                Json.text(inspect, "Id"),
                Labels.read(labels, Labels.TASK_ID),
                Json.number(state, "Pid"),
                (int) Json.number(state, "ExitCode"),
                Json.flag(state, "OOMKilled"),
                Json.text(state, "Error"),
                startedAt,
                Json.time(state, "FinishedAt"),
                HealthSettings.read(Json.object(config, "Healthcheck"), labels),
                Json.text(health, "Status"),
                Json.number(Json.object(inspect, "HostConfig"), "Memory"),
                stopSignal(config),
                Json.flag(config, "Tty"),
                ports(Json.object(Json.object(inspect, "NetworkSettings"), "Ports")));
    }

    /** One that was made just now. */
    static ContainerState made(String id, String taskId, HealthSettings health) {
        return new ContainerState(
                Phase.PREPARED, id, taskId, 0, 0, false, "", Instant.EPOCH, Instant.EPOCH, health, "", 0, Signals.TERM,
                false, Map.of());
    }

    private static Phase phase(String status, Instant startedAt) {
        return switch (status) {
            case "running", "stopping" -> Phase.RUNNING;
            case "paused" -> Phase.PAUSED;
            case "exited", "stopped", "removing" -> Phase.ENDED;
            // Podman forgets after a restart of the machine that it ran, but not since when.
            default -> startedAt.equals(Instant.EPOCH) ? Phase.PREPARED : Phase.LOST;
        };
    }

    /** A number up to Podman 4, a name since. */
    private static int stopSignal(JsonObject config) {
        return Signals.number(Json.text(config, "StopSignal")).orElse(Signals.TERM);
    }

    private static Map<String, Set<Integer>> ports(JsonObject ports) {
        Map<String, Set<Integer>> bound = new TreeMap<>();
        for (String port : ports.keySet()) {
            for (JsonElement host : Json.array(ports, port)) {
                if (host.isJsonObject() && Json.text(host.getAsJsonObject(), "HostPort").matches("[0-9]{1,5}")) {
                    bound.computeIfAbsent(port, p -> new LinkedHashSet<>())
                            .add(Integer.parseInt(Json.text(host.getAsJsonObject(), "HostPort")));
                }
            }
        }
        return bound;
    }

    boolean ended() {
        return phase == Phase.ENDED || phase == Phase.LOST;
    }

    boolean runs() {
        return phase == Phase.RUNNING || phase == Phase.PAUSED;
    }

    boolean unhealthy() {
        return health.exists() && healthStatus.equals("unhealthy");
    }

    boolean healthy() {
        return !health.exists() || healthStatus.equals("healthy");
    }

    /** Whether it may have met its memory limit without Podman noticing: somebody sent SIGKILL, and there is a limit. */
    boolean mayBeOutOfMemory() {
        return phase == Phase.ENDED && !outOfMemory && exitCode == KILLED && memoryLimit > 0;
    }

    /** How it ended. */
    TaskExit exit() {
        if (phase == Phase.LOST) {
            return new TaskExit(
                    OptionalInt.empty(), "exit status unknown: the machine was restarted", startedAt);
        }
        Instant at = finishedAt.equals(Instant.EPOCH) ? startedAt : finishedAt;
        if (unhealthy()) {
            return new TaskExit(OptionalInt.empty(), TaskExit.UNHEALTHY, at);
        }
        if (exitCode < 0) { // nobody was left to see it
            return new TaskExit(OptionalInt.empty(), "exit status unknown", at);
        }
        return new TaskExit(OptionalInt.of(exitCode & 0xff), outOfMemory ? TaskExit.OUT_OF_MEMORY : error, at);
    }

    /** The same, for somebody who knows better. */
    ContainerState noticingOutOfMemory() {
        return new ContainerState(
                phase,
                id,
                taskId,
                pid,
                exitCode,
                true,
                error,
                startedAt,
                finishedAt,
                health,
                healthStatus,
                memoryLimit,
                stopSignal,
                tty,
                ports);
    }

    Health healthNow() {
        if (!health.exists()) {
            return Health.NONE;
        }
        return switch (healthStatus) {
            case "healthy" -> Health.HEALTHY;
            case "unhealthy" -> Health.UNHEALTHY;
            default -> Health.STARTING;
        };
    }

    OptionalLong processId() {
        return runs() && pid > 0 ? OptionalLong.of(pid) : OptionalLong.empty();
    }

    /** The task's ports as they are published now. */
    List<Port> published(List<Port> wanted) {
        List<Port> published = new ArrayList<>();
        if (runs()) {
            Map<String, List<Integer>> left = new TreeMap<>();
            ports.forEach((port, hosts) -> left.put(port, new ArrayList<>(hosts)));
            // Those that were asked for by number first: the others get what is left.
            wanted.forEach(port -> left.getOrDefault(portKey(port), new ArrayList<>())
                    .removeIf(host -> host == port.published() && isPublished(port)));
            for (Port port : wanted) {
                List<Integer> free = left.getOrDefault(portKey(port), List.of());
                if (isPublished(port)) {
                    published.add(port);
                } else if (port.published() == 0 && !free.isEmpty()) {
                    published.add(port.publishedAt(free.removeFirst()));
                }
            }
        }
        return published;
    }

    private boolean isPublished(Port port) {
        return ports.getOrDefault(portKey(port), Set.of()).contains(port.published());
    }

    static String portKey(Port port) {
        return port.target() + "/" + port.protocol().name().toLowerCase(Locale.ROOT);
    }
}
