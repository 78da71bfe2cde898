package io.osmia.control.internal.calls;

import com.google.protobuf.Timestamp;
import io.osmia.control.internal.rules.Refusal;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.UpdateStatus;
import io.osmia.wire.swarmkit.UpdateStatus.UpdateState;
import io.osmia.wire.swarmkit.Version;
import java.util.Optional;

/** What becomes of a stored service when its spec is replaced or rolled back (rules 1.1.6 and 1.4.18). */
final class ServiceChange {

    private ServiceChange() {}

    /** Why the spec cannot take the place of the stored one. */
    static Optional<Refusal> objection(ServiceSpec stored, ServiceSpec spec) {
        if (!stored.getNetworksList().equals(spec.getNetworksList())
                && stored.getTask().getNetworksList().equals(spec.getTask().getNetworksList())) {
            return Optional.of(Refusal.unimplemented("networks must be migrated to TaskSpec before being changed"));
        }
        if (stored.getModeCase() != spec.getModeCase()) {
            return Optional.of(Refusal.unimplemented("service mode change is not allowed"));
        }
        if (!stored.getAnnotations().getName().equals(spec.getAnnotations().getName())) {
            return Optional.of(Refusal.unimplemented("renaming services is not supported"));
        }
        return Optional.empty();
    }

    /** The service with a new spec, whose version is the one that the client has read. */
    static Service replaced(Service stored, ServiceSpec spec, Version read) {
        return withFormer(stored)
                .setSpec(spec)
                .setSpecVersion(read)
                .clearUpdateStatus()
                .build();
    }

    /** Why there is nothing to go back to. */
    static Optional<Refusal> objectionToRollback(Service stored) {
        return stored.hasPreviousSpec()
                ? Optional.empty()
                : Optional.of(
                        Refusal.precondition("service " + stored.getId() + " does not have a previous spec"));
    }

    /** The service with its former spec; the present one becomes the former. */
    static Service rolledBack(Service stored, Timestamp now) {
        Service.Builder changed = withFormer(stored)
                .setSpec(stored.getPreviousSpec())
                .clearSpecVersion()
                .setUpdateStatus(UpdateStatus.newBuilder()
                        .setState(UpdateState.ROLLBACK_STARTED)
                        .setMessage("manually requested rollback")
                        .setStartedAt(now));
        if (stored.hasPreviousSpecVersion()) {
            changed.setSpecVersion(stored.getPreviousSpecVersion());
        }
        return changed.build();
    }

    private static Service.Builder withFormer(Service stored) {
        Service.Builder changed = stored.toBuilder().setPreviousSpec(stored.getSpec()).clearPreviousSpecVersion();
        if (stored.hasSpecVersion()) {
            changed.setPreviousSpecVersion(stored.getSpecVersion());
        }
        return changed;
    }
}
