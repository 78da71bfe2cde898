package io.osmia.store;

import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;

/** Which objects of a table a query returns. A selector that does not fit the table is refused by the query. */
public sealed interface By {

    By ALL = new All();

    static By name(String name) {
        return new Name(name);
    }

    static By namePrefix(String prefix) {
        return new NamePrefix(prefix);
    }

    static By idPrefix(String prefix) {
        return new IdPrefix(prefix);
    }

    static By service(String serviceId) {
        return new ServiceId(serviceId);
    }

    static By node(String nodeId) {
        return new NodeId(nodeId);
    }

    static By slot(String serviceId, long slot) {
        return new Slot(serviceId, slot);
    }

    static By desired(TaskState state) {
        return new Desired(state);
    }

    static By observed(TaskState state) {
        return new Observed(state);
    }

    static By network(String networkId) {
        return new NetworkId(networkId);
    }

    static By secret(String secretId) {
        return new SecretId(secretId);
    }

    static By config(String configId) {
        return new ConfigId(configId);
    }

    static By or(List<By> terms) {
        return new Or(List.copyOf(terms));
    }

    /** Everything, by id. */
    record All() implements By {}

    /** Name without regard to letter case: unique for most tables, hostname for nodes, runtime name for tasks (1.2.5). */
    record Name(String name) implements By {}

    record NamePrefix(String prefix) implements By {}

    record IdPrefix(String prefix) implements By {}

    record ServiceId(String serviceId) implements By {}

    record NodeId(String nodeId) implements By {}

    record Slot(String serviceId, long slot) implements By {}

    record Desired(TaskState state) implements By {}

    record Observed(TaskState state) implements By {}

    /** Objects whose spec refers to the network (tasks: spec targets; services: task networks, else deprecated ones). */
    record NetworkId(String networkId) implements By {}

    record SecretId(String secretId) implements By {}

    record ConfigId(String configId) implements By {}

    /** Tasks with an attachment of the volume. */
    record VolumeAttachment(String volumeId) implements By {}

    /** Runtime name of the spec (1.2.8). */
    record Runtime(String runtime) implements By {}

    record Role(NodeRole role) implements By {}

    record Membership(NodeSpec.Membership membership) implements By {}

    /** Resources of an extension. */
    record Kind(String kind) implements By {}

    record VolumeGroup(String group) implements By {}

    record VolumeDriver(String driver) implements By {}

    /** Custom index from annotations (1.1.7). */
    record Custom(String index, String value) implements By {}

    record CustomPrefix(String index, String prefix) implements By {}

    /** Union, in the order of the terms, each object once. */
    record Or(List<By> terms) implements By {}
}
