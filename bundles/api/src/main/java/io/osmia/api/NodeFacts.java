package io.osmia.api;

import java.util.Map;
import java.util.Set;

/**
 * What a plugin may know about a node. Made once per change of the node, shared by all calls.
 *
 * @param id node id, 25 characters
 * @param hostname host name from the node's description; empty when the node has not described itself
 * @param address address the cluster sees the node at, without port; may be empty
 * @param manager whether the observed role is manager (rule 3.10)
 * @param os operating system, e.g. {@code linux}; empty when unknown
 * @param architecture processor architecture, e.g. {@code x86_64}; empty when unknown
 * @param nodeLabels labels that administrators gave to the node
 * @param engineLabels labels that the node reports of itself
 * @param plugins plugins the node reports, as {@code Type/name}, e.g. {@code Executor/process@1.0.0}
 * @param described what the node offers in all
 */
public record NodeFacts(
        String id,
        String hostname,
        String address,
        boolean manager,
        String os,
        String architecture,
        Map<String, String> nodeLabels,
        Map<String, String> engineLabels,
        Set<String> plugins,
        ResourceAmounts described) {

    public NodeFacts {
        nodeLabels = Map.copyOf(nodeLabels);
        engineLabels = Map.copyOf(engineLabels);
        plugins = Set.copyOf(plugins);
    }
}
