package io.osmia.scheduler.internal.cluster;

import io.osmia.api.NodeFacts;
import io.osmia.api.ResourceAmounts;
import io.osmia.wire.swarmkit.GenericResource;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeDescription;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.PluginDescription;
import io.osmia.wire.swarmkit.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Stored objects as plugins see them. */
public final class Facts {

    private Facts() {}

    /** What plugins may know of a node. */
    public static NodeFacts of(Node node) {
        NodeDescription description = node.getDescription();
        return new NodeFacts(
                node.getId(),
                description.getHostname(),
                node.getStatus().getAddr(),
                node.getRole() == NodeRole.MANAGER,
                description.getPlatform().getOs(),
                description.getPlatform().getArchitecture(),
                node.getSpec().getAnnotations().getLabelsMap(),
                description.getEngine().getLabelsMap(),
                plugins(description),
                amounts(description.getResources()));
    }

    /** An amount of resources. */
    public static ResourceAmounts amounts(Resources resources) {
        return amounts(resources.getNanoCpus(), resources.getMemoryBytes(), resources.getGenericList());
    }

    static ResourceAmounts amounts(long nanoCpus, long memoryBytes, List<GenericResource> generic) {
        if (generic.isEmpty()) {
            return new ResourceAmounts(nanoCpus, memoryBytes, Map.of(), Map.of());
        }
        Map<String, Long> discrete = new TreeMap<>();
        Map<String, List<String>> named = new TreeMap<>();
        for (GenericResource resource : generic) {
            if (resource.hasDiscreteResourceSpec()) {
                var amount = resource.getDiscreteResourceSpec();
                discrete.merge(amount.getKind(), amount.getValue(), Long::sum);
            } else if (resource.hasNamedResourceSpec()) {
                var item = resource.getNamedResourceSpec();
                named.computeIfAbsent(item.getKind(), kind -> new ArrayList<>()).add(item.getValue());
            }
        }
        return new ResourceAmounts(nanoCpus, memoryBytes, discrete, named);
    }

    private static Set<String> plugins(NodeDescription description) {
        Set<String> plugins = new TreeSet<>();
        for (PluginDescription plugin : description.getEngine().getPluginsList()) {
            plugins.add(plugin.getType() + "/" + plugin.getName());
        }
        return plugins;
    }
}
