package io.osmia.control.internal.rules;

import com.google.protobuf.Duration;
import io.osmia.wire.ImageReference;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.HealthConfig;
import io.osmia.wire.swarmkit.Mount;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What a container spec must satisfy by itself (rule 1.4.7). */
final class ContainerRules {

    private static final Duration SHORTEST =
            Duration.newBuilder().setNanos(1_000_000).build();

    private ContainerRules() {}

    static Optional<Refusal> check(ContainerSpec container) {
        String image = container.getImage();
        return Refusal.first(
                () -> Refusal.when(image.isEmpty(), "ContainerSpec: image reference must be provided"),
                () -> Refusal.when(
                        ImageReference.parse(image).isEmpty(),
                        "ContainerSpec: \"" + image + "\" is not a valid repository/tag"),
                () -> mounts(container),
                () -> health(container.getHealthcheck()));
    }

    private static Optional<Refusal> mounts(ContainerSpec container) {
        Set<String> targets = new HashSet<>();
        return container.getMountsList().stream()
                .map(Mount::getTarget)
                .filter(target -> !targets.add(target))
                .findFirst()
                .map(target -> Refusal.invalid("ContainerSpec: duplicate mount point: " + target));
    }

    private static Optional<Refusal> health(HealthConfig health) {
        return Refusal.first(
                () -> notTooShort(health.getInterval(), "Interval"),
                () -> notTooShort(health.getTimeout(), "Timeout"),
                () -> notTooShort(health.getStartPeriod(), "StartPeriod"),
                () -> notTooShort(health.getStartInterval(), "StartInterval"),
                () -> Refusal.when(
                        health.getRetries() < 0,
                        "ContainerSpec: Retries in HealthConfig cannot be negative"));
    }

    private static Optional<Refusal> notTooShort(Duration duration, String field) {
        return Refusal.first(
                () -> Spans.readable(duration),
                () -> Refusal.when(
                        !Spans.isZero(duration) && Spans.less(duration, SHORTEST),
                        "ContainerSpec: " + field + " in HealthConfig cannot be less than 1ms"));
    }
}
