package io.osmia.executor.docker.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.osmia.api.executor.Health;
import io.osmia.api.executor.Port;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController.Status;
import io.osmia.api.executor.TaskExit;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the engine says of a container.
 *
 * @param id the engine's id
 * @param name its name, without the slash
 * @param state {@code created}, {@code running}, {@code paused}, {@code restarting}, {@code removing}, {@code exited} or
 *     {@code dead}
 * @param pid of its first process; 0 when none runs
 * @param startedAt when it was started last; {@link Instant#EPOCH} when never
 * @param finishedAt when it ended last; {@link Instant#EPOCH} when never
 * @param exitCode of its first process
 * @param error what the engine could not do
 * @param outOfMemory whether its memory limit killed it
 * @param health what its health check says; of one that has ended or stands still, what the checks themselves said
 * @param tty whether it writes to a terminal
 * @param memoryLimit most memory it may use, in bytes; 0 for no limit
 * @param labels its labels
 * @param published its ports that are published: port inside, port of the host and protocol
 */
record Container(
        String id,
        String name,
        String state,
        long pid,
        Instant startedAt,
        Instant finishedAt,
        int exitCode,
        String error,
        boolean outOfMemory,
        Health health,
        boolean tty,
        long memoryLimit,
        Map<String, String> labels,
        List<Port> published) {

    /** Failures in a row that make a container unhealthy when nobody says how many. */
    private static final int RETRIES = 3;

    /** Exit code of what SIGKILL ended. */
    private static final int KILLED = 137;

    static Container of(JsonNode inspected) {
        JsonNode state = inspected.path("State");
        return new Container(
                inspected.path("Id").asText(),
                inspected.path("Name").asText().replaceFirst("^/", ""),
                state.path("Status").asText(),
                state.path("Pid").asLong(),
                instant(state.path("StartedAt").asText()),
                instant(state.path("FinishedAt").asText()),
                state.path("ExitCode").asInt(),
                state.path("Error").asText(),
                state.path("OOMKilled").asBoolean(),
                health(state.path("Health"), inspected.path("Config").path("Healthcheck")),
                inspected.path("Config").path("Tty").asBoolean(),
                inspected.path("HostConfig").path("Memory").asLong(),
                labels(inspected.path("Config").path("Labels")),
                ports(inspected.path("NetworkSettings").path("Ports")));
    }

    static Map<String, String> labels(JsonNode node) {
        Map<String, String> labels = new HashMap<>();
        node.properties().forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    /**
     * The engine says {@code unhealthy} of each one whose checks it has ended, also since it has ended by itself or is paused.
     * Its checks have failed when they did so as often in a row as they may.
     */
    private static Health health(JsonNode health, JsonNode check) {
        return switch (health.path("Status").asText()) {
            case "starting" -> Health.STARTING;
            case "healthy" -> Health.HEALTHY;
            case "unhealthy" -> {
                int retries = check.path("Retries").asInt() > 0 ? check.path("Retries").asInt() : RETRIES;
                yield health.path("FailingStreak").asInt() >= retries ? Health.UNHEALTHY
                        : succeeded(health.path("Log"));
            }
            default -> Health.NONE;
        };
    }

    private static Health succeeded(JsonNode log) {
        for (JsonNode check : log) {
            if (check.path("ExitCode").asInt(-1) == 0) {
                return Health.HEALTHY;
            }
        }
        return Health.STARTING;
    }

    /** The engine says the year 1 when it means never. */
    static Instant instant(String text) {
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            return instant.isBefore(Instant.EPOCH) ? Instant.EPOCH : instant;
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private static List<Port> ports(JsonNode node) {
        List<Port> ports = new ArrayList<>();
        node.properties().forEach(entry -> {
            String[] inside = entry.getKey().split("/", 2);
            Port.Protocol protocol = switch (inside.length > 1 ? inside[1].toLowerCase(Locale.ROOT) : "tcp") {
                case "udp" -> Port.Protocol.UDP;
                case "sctp" -> Port.Protocol.SCTP;
                default -> Port.Protocol.TCP;
            };
            for (JsonNode binding : entry.getValue()) {
                Port port = new Port(
                        "", protocol, Integer.parseInt(inside[0]), binding.path("HostPort").asInt());
                if (!ports.contains(port)) { // the same for IPv4 and IPv6
                    ports.add(port);
                }
            }
        });
        return ports;
    }

    boolean isOf(String taskId) {
        return taskId.equals(labels.get(Labels.TASK_ID));
    }

    boolean created() {
        return state.equals("created");
    }

    boolean ended() {
        return state.equals("exited") || state.equals("dead");
    }

    /** Whether its memory limit may have ended it although the engine has not said so: SIGKILL did, and it has one. */
    boolean mayBeOutOfMemory() {
        return ended() && exitCode == KILLED && memoryLimit > 0 && !outOfMemory;
    }

    boolean removing() {
        return state.equals("removing");
    }

    boolean running() {
        return !created() && !ended() && !removing();
    }

    /** How it ended. One that its health check ended has no code. */
    TaskExit exit() {
        if (health == Health.UNHEALTHY) {
            return new TaskExit(OptionalInt.empty(), TaskExit.UNHEALTHY, finishedAt);
        }
        // 20.10 says -1 of one whose end it has not seen.
        if (exitCode < 0 || exitCode > 255) {
            return new TaskExit(OptionalInt.empty(), "exit status unknown", finishedAt);
        }
        return new TaskExit(OptionalInt.of(exitCode), outOfMemory ? TaskExit.OUT_OF_MEMORY : error, finishedAt);
    }

    Recovery recovery() {
        if (created()) {
            return new Recovery.Prepared();
        }
        if (ended()) {
            return new Recovery.Exited(exit());
        }
        if (removing()) {
            return new Recovery.Unknown("container " + name + " is being removed");
        }
        return health == Health.STARTING ? new Recovery.Starting() : new Recovery.Running();
    }

    /** What people see of it, with the ports in the order in which they were asked for. */
    Status status(List<Port> asked) {
        List<Port> actual = new ArrayList<>();
        if (running()) {
            List<Port> left = new ArrayList<>(published);
            for (Port port : asked) {
                left.stream()
                        .filter(candidate -> candidate.target() == port.target()
                                && candidate.protocol() == port.protocol()
                                && (port.published() == 0 || port.published() == candidate.published()))
                        .findFirst()
                        .ifPresent(found -> {
                            left.remove(found);
                            actual.add(port.publishedAt(found.published()));
                        });
            }
        }
        return new Status(id, pid > 0 ? OptionalLong.of(pid) : OptionalLong.empty(), startedAt, health, actual);
    }
}
