package io.osmia.api.executor;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an executor says of itself, and what it adds to the description of its node.
 *
 * @param kind e.g. {@code process}, {@code docker}; lower-case letters, digits and dashes
 * @param version version of the executor, e.g. {@code 1.2.0}
 * @param available whether it takes work now
 * @param message why not, for people; empty when available
 * @param images image repositories it runs, normalised ({@code docker.io/osmia/host}); {@code *} for any image
 * @param genericKinds kinds of generic tasks it runs
 * @param honours protocol names of the ContainerSpec fields it can honour ({@code command}, {@code stop_signal}, ...);
 *     prefixed {@code resources.} of the limits ({@code resources.memory_bytes}); {@code log_driver} of the task; and
 *     {@code ports} for ports that are published on the host
 * @param handleVersions versions of handles it can recover
 * @param labels engine labels it adds to the node's description
 * @param engineVersion version of the engine behind it; empty when there is none or it is not known
 * @param plugins what its engine offers to workloads, e.g. network and volume drivers
 */
public record ExecutorDescription(
        String kind,
        String version,
        boolean available,
        String message,
        Set<String> images,
        Set<String> genericKinds,
        Set<String> honours,
        Set<Integer> handleVersions,
        Map<String, String> labels,
        String engineVersion,
        List<EnginePlugin> plugins) {

    public ExecutorDescription {
        images = Set.copyOf(images);
        genericKinds = Set.copyOf(genericKinds);
        honours = Set.copyOf(honours);
        handleVersions = Set.copyOf(handleVersions);
        labels = Map.copyOf(labels);
        plugins = List.copyOf(plugins);
    }

    /**
     * Something an engine offers (rule 6.15.12).
     *
     * @param type {@code Volume}, {@code Network}, {@code Log} or {@code Authorization}
     * @param name e.g. {@code local}, {@code overlay}
     */
    public record EnginePlugin(String type, String name) {}
}
