package io.osmia.control.internal.rules;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.osmia.wire.swarmkit.AcceptancePolicy.RoleAdmissionPolicy;
import io.osmia.wire.swarmkit.CAConfig;
import io.osmia.wire.swarmkit.ClusterSpec;
import java.util.Optional;

/** What a cluster spec must satisfy by itself (rule 1.8.1). */
public final class ClusterRules {

    /** The only name a cluster has. */
    public static final String NAME = "default";

    private static final Duration SHORTEST_EXPIRY = Durations.fromHours(1);

    private ClusterRules() {}

    public static Optional<Refusal> check(ClusterSpec spec) {
        return Refusal.first(
                () -> expiry(spec.getCaConfig()),
                () -> acceptance(spec),
                () -> heartbeat(spec.getDispatcher().getHeartbeatPeriod()),
                () -> Refusal.when(
                        !spec.getAnnotations().getName().equals(NAME),
                        "modification of cluster name is not allowed"));
    }

    private static Optional<Refusal> expiry(CAConfig config) {
        Duration expiry = config.getNodeCertExpiry();
        return Refusal.first(
                () -> readable(expiry),
                () -> Refusal.when(
                        config.hasNodeCertExpiry() && Spans.less(expiry, SHORTEST_EXPIRY),
                        "minimum certificate expiry time is: 1h0m0s"));
    }

    private static Optional<Refusal> acceptance(ClusterSpec spec) {
        return spec.getAcceptancePolicy().getPoliciesList().stream()
                .filter(RoleAdmissionPolicy::hasSecret)
                .map(policy -> policy.getSecret().getAlg())
                .filter(algorithm -> !algorithm.equalsIgnoreCase("bcrypt"))
                .findFirst()
                .map(algorithm -> Refusal.invalid("hashing algorithm is not supported: " + algorithm));
    }

    private static Optional<Refusal> heartbeat(Duration period) {
        return Refusal.first(
                () -> readable(period),
                () -> Refusal.when(
                        Durations.isNegative(period), "heartbeat time period cannot be a negative duration"));
    }

    private static Optional<Refusal> readable(Duration duration) {
        return Spans.isReadable(duration) ? Optional.empty() : Optional.of(Refusal.INVALID_ARGUMENT);
    }
}
