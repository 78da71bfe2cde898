package io.osmia.control.internal.rules;

import io.osmia.wire.swarmkit.EndpointSpec;
import io.osmia.wire.swarmkit.PortConfig;
import io.osmia.wire.swarmkit.ReplicatedJob;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.UpdateConfig;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What a service spec must satisfy by itself, in the order of rule 1.4. */
public final class ServiceRules {

    private ServiceRules() {}

    public static Optional<Refusal> check(ServiceSpec spec) {
        return Refusal.first(
                () -> AnnotationRules.check(spec.getAnnotations()),
                () -> TaskRules.check(spec.getTask()),
                () -> mode(spec),
                () -> updates(spec),
                () -> endpoint(spec.getEndpoint()));
    }

    /** Rule 1.4.9; counts are unsigned on the wire and a peer may have put a negative number there. */
    private static Optional<Refusal> mode(ServiceSpec spec) {
        return switch (spec.getModeCase()) {
            case REPLICATED ->
                Refusal.when(spec.getReplicated().getReplicas() < 0, "Number of replicas must be non-negative");
            case GLOBAL, GLOBAL_JOB -> Optional.empty();
            case REPLICATED_JOB -> job(spec.getReplicatedJob());
            case MODE_NOT_SET -> Optional.of(Refusal.invalid("Unrecognized service mode"));
        };
    }

    private static Optional<Refusal> job(ReplicatedJob job) {
        return Refusal.first(
                () -> Refusal.when(job.getMaxConcurrent() < 0, "Maximum concurrent jobs must not be negative"),
                () -> Refusal.when(job.getTotalCompletions() < 0, "Total completed jobs must not be negative"));
    }

    /** Rule 1.4.10; the rollback config is never looked at. */
    private static Optional<Refusal> updates(ServiceSpec spec) {
        if (!spec.hasUpdate()) {
            return Optional.empty();
        }
        if (spec.hasReplicatedJob() || spec.hasGlobalJob()) {
            return Optional.of(Refusal.invalid("Jobs may not have an update config"));
        }
        UpdateConfig update = spec.getUpdate();
        float ratio = update.getMaxFailureRatio();
        return Refusal.first(
                () -> Spans.notNegative(update.getDelay(), "TaskSpec: update-delay cannot be negative"),
                () -> Spans.notNegative(update.getMonitor(), "TaskSpec: update-monitor cannot be negative"),
                () -> Refusal.when(
                        !(ratio >= 0 && ratio <= 1),
                        "TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1"));
    }

    /** Rule 1.4.11. */
    private static Optional<Refusal> endpoint(EndpointSpec endpoint) {
        boolean ingress = endpoint.getPortsList().stream()
                .anyMatch(port -> port.getPublishMode() == PortConfig.PublishMode.INGRESS);
        return Refusal.first(
                () -> Refusal.when(
                        endpoint.getMode() == EndpointSpec.ResolutionMode.DNSRR && ingress,
                        "EndpointSpec: port published with ingress mode can't be used with dnsrr mode"),
                () -> Refusal.when(
                        publishesTwice(endpoint), "EndpointSpec: duplicate published ports provided"));
    }

    private static boolean publishesTwice(EndpointSpec endpoint) {
        record Published(int port, int protocol) {}
        Set<Published> seen = new HashSet<>();
        return !endpoint.getPortsList().stream()
                .filter(port -> port.getPublishedPort() != 0)
                .allMatch(port -> seen.add(new Published(port.getPublishedPort(), port.getProtocolValue())));
    }
}
