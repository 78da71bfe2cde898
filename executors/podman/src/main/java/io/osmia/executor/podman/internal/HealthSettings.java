package io.osmia.executor.podman.internal;

import com.google.gson.JsonObject;
import io.osmia.api.executor.HealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A container's health check with everything decided: what the task leaves open is the image's, then Docker's default.
 *
 * <p>Podman leaves it to systemd to run health checks, which is not on every machine, and to nobody when its interval is 0. So
 * the container is made without an interval and this executor has the checks run; interval and the rest are in labels, for
 * its successors. Podman keeps the count of failures and the result.
 *
 * @param test what to run; empty when there is no check
 * @param interval time between two checks
 * @param timeout after which one has failed
 * @param retries failures in a row that make it unhealthy
 * @param startPeriod time after the start in which failures do not count
 * @param startInterval time between two checks in that period
 */
record HealthSettings(
        List<String> test,
        Duration interval,
        Duration timeout,
        int retries,
        Duration startPeriod,
        Duration startInterval) {

    static final HealthSettings NONE =
            new HealthSettings(List.of(), Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, Duration.ZERO);

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int RETRIES = 3;
    private static final Duration START_INTERVAL = Duration.ofSeconds(5);

    private static final String INTERVAL_LABEL = "io.osmia.health.interval";
    private static final String START_INTERVAL_LABEL = "io.osmia.health.start-interval";

    /** @param image what Podman says of the image's check */
    static HealthSettings of(HealthCheck wanted, JsonObject image) {
        List<String> test = wanted.test().isEmpty() ? Json.texts(image, "Test") : wanted.test();
        if (test.isEmpty() || test.getFirst().isEmpty() || test.getFirst().equals("NONE")) {
            return NONE;
        }
        return new HealthSettings(
                List.copyOf(test),
                first(wanted.interval(), nanos(image, "Interval"), INTERVAL),
                first(wanted.timeout(), nanos(image, "Timeout"), TIMEOUT),
                wanted.retries() > 0
                        ? wanted.retries()
                        : Json.number(image, "Retries") > 0 ? (int) Json.number(image, "Retries") : RETRIES,
                first(wanted.startPeriod(), nanos(image, "StartPeriod"), Duration.ZERO),
                first(wanted.startInterval(), nanos(image, "StartInterval"), START_INTERVAL));
    }

    /** What an earlier instance decided when it made the container. */
    static HealthSettings read(JsonObject healthcheck, JsonObject labels) {
        String interval = Labels.read(labels, INTERVAL_LABEL);
        List<String> test = Json.texts(healthcheck, "Test");
        if (interval.isEmpty() || test.isEmpty()) {
            return NONE;
        }
        try {
            return new HealthSettings(
                    test,
                    Duration.parse(interval),
                    nanos(healthcheck, "Timeout"),
                    (int) Json.number(healthcheck, "Retries"),
                    nanos(healthcheck, "StartPeriod"),
                    Duration.parse(Labels.read(labels, START_INTERVAL_LABEL)));
        } catch (java.time.format.DateTimeParseException e) {
            return NONE;
        }
    }

    boolean exists() {
        return !test.isEmpty();
    }

    Map<String, String> labels() {
        return exists()
                ? Map.of(INTERVAL_LABEL, interval.toString(), START_INTERVAL_LABEL, startInterval.toString())
                : Map.of();
    }

    /** For Podman; also when there is none, since the image may have one. */
    JsonObject json() {
        JsonObject json = new JsonObject();
        json.add("Test", Json.array(exists() ? test : List.of("NONE")));
        if (exists()) {
            json.addProperty("Interval", 0);
            json.addProperty("Timeout", timeout.toNanos());
            json.addProperty("Retries", retries);
            json.addProperty("StartPeriod", startPeriod.toNanos());
        }
        return json;
    }

    private static Duration nanos(JsonObject json, String name) {
        return Duration.ofNanos(Json.number(json, name));
    }

    private static Duration first(Duration wanted, Duration image, Duration otherwise) {
        return wanted.isPositive() ? wanted : image.isPositive() ? image : otherwise;
    }
}
