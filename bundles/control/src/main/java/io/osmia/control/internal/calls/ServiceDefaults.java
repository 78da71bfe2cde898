package io.osmia.control.internal.calls;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.RestartPolicy;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.UpdateConfig;

/** Fills in what takes effect where a service says nothing; shown on request, never stored (rules 1.4.20 and 12.7). */
final class ServiceDefaults {

    private static final Duration STOP_GRACE_PERIOD = Durations.fromSeconds(10);
    private static final Duration RESTART_DELAY = Durations.fromSeconds(5);
    private static final Duration MONITOR = Durations.fromSeconds(5);

    private ServiceDefaults() {}

    static Service insert(Service service) {
        Service.Builder filled = service.toBuilder();
        ServiceSpec.Builder spec = filled.getSpecBuilder();
        task(spec.getTaskBuilder());
        update(spec.hasUpdate(), spec.getUpdateBuilder());
        update(spec.hasRollback(), spec.getRollbackBuilder());
        return filled.build();
    }

    private static void task(TaskSpec.Builder task) {
        if (task.hasContainer()) {
            container(task.getContainerBuilder());
        }
        if (!task.hasResources()) {
            task.getResourcesBuilder();
        }
        if (!task.hasPlacement()) {
            task.getPlacementBuilder();
        }
        restart(task.hasRestart(), task.getRestartBuilder());
    }

    private static void container(ContainerSpec.Builder container) {
        if (!container.hasStopGracePeriod()) {
            container.setStopGracePeriod(STOP_GRACE_PERIOD);
        }
        if (!container.hasPullOptions()) {
            container.getPullOptionsBuilder();
        }
        if (!container.hasDnsConfig()) {
            container.getDnsConfigBuilder();
        }
    }

    /** A policy that is there but has no condition means NONE, and only its delay is filled in. */
    private static void restart(boolean given, RestartPolicy.Builder restart) {
        if (!given) {
            restart.setCondition(RestartPolicy.RestartCondition.ANY);
        }
        if (!restart.hasDelay()) {
            restart.setDelay(RESTART_DELAY);
        }
    }

    private static void update(boolean given, UpdateConfig.Builder update) {
        if (!given) {
            update.setParallelism(1);
        }
        if (!update.hasMonitor()) {
            update.setMonitor(MONITOR);
        }
    }
}
