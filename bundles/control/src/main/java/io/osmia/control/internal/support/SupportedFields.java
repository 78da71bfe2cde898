package io.osmia.control.internal.support;

import com.google.protobuf.Descriptors.Descriptor;
import io.osmia.wire.swarmkit.ClusterSpec;
import io.osmia.wire.swarmkit.ConfigSpec;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.SecretSpec;
import io.osmia.wire.swarmkit.ServiceSpec;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a spec that some component honours. A field that is not named here is refused when it is submitted: this is
 * the one place to change when a component learns a new one. To refuse a field by name is needed only below one that is
 * allowed, or to have the refusal name it and not the message that it is in.
 */
public final class SupportedFields {

    /**
     * What only an executor can do is allowed: an executor that cannot do it rejects the task and names the field.
     */
    public static final SupportedFields SERVICE = of(ServiceSpec.getDescriptor())
            .allow("annotations")
            .allow("task.container")
            .refuse("task.container.secrets")
            .refuse("task.container.configs")
            .allowValues("task.container.mounts.type", "BIND", "VOLUME", "TMPFS", "NPIPE")
            .allow("task.generic")
            .allow("task.resources")
            .allow("task.restart")
            .allow("task.placement")
            .allow("task.force_update")
            .allow("replicated")
            .allow("global")
            .allow("update")
            .allow("rollback")
            .refuse("endpoint.mode")
            .refuse("endpoint.ports");

    /** Membership is only stored and shown (SwarmKit's own clients send it empty). */
    public static final SupportedFields NODE = of(NodeSpec.getDescriptor())
            .allow("annotations")
            .allow("desired_role")
            .allow("membership")
            .allow("availability");

    /** The acceptance policy is obsolete: accepted and without effect by rule. */
    public static final SupportedFields CLUSTER = of(ClusterSpec.getDescriptor())
            .allow("annotations")
            .allow("acceptance_policy")
            .allow("orchestration.task_history_retention_limit")
            .allow("dispatcher.heartbeat_period")
            .allow("raft.snapshot_interval")
            .allow("raft.keep_old_snapshots")
            .allow("raft.log_entries_for_slow_followers")
            .refuse("raft.heartbeat_tick")
            .refuse("raft.election_tick")
            .allow("ca_config")
            .allow("encryption_config.auto_lock_managers")
            .refuse("task_defaults.log_driver");

    /** Drivers and templates come with the tasks that are given secrets and configs. */
    public static final SupportedFields SECRET =
            of(SecretSpec.getDescriptor()).allow("annotations").allow("data");

    public static final SupportedFields CONFIG =
            of(ConfigSpec.getDescriptor()).allow("annotations").allow("data");

    /** What holds for a field and, unless something else is said of them, for the fields below it. */
    sealed interface Support {}

    record Allowed() implements Support {}

    record Refused() implements Support {}

    /** An enum field of which these values are honoured. */
    record Values(Set<String> names) implements Support {}

    private final Descriptor type;
    private final TreeMap<String, Support> byPath = new TreeMap<>();

    private SupportedFields(Descriptor type) {
        this.type = type;
    }

    private static SupportedFields of(Descriptor type) {
        return new SupportedFields(type);
    }

    private SupportedFields allow(String path) {
        byPath.put(path, new Allowed());
        return this;
    }

    private SupportedFields refuse(String path) {
        byPath.put(path, new Refused());
        return this;
    }

    private SupportedFields allowValues(String path, String... names) {
        byPath.put(path, new Values(Set.of(names)));
        return this;
    }

    Descriptor type() {
        return type;
    }

    /** All that is said, by path in wire names below the spec. */
    Map<String, Support> all() {
        return Map.copyOf(byPath);
    }

    @Nullable
    Support at(String path) {
        return byPath.get(path);
    }

    /** Whether anything is said of a field below this one. */
    boolean saysMoreBelow(String path) {
        String next = byPath.ceilingKey(path + ".");
        return next != null && next.startsWith(path + ".");
    }
}
