package io.osmia.scheduler.internal.cluster;

import io.osmia.wire.swarmkit.EngineDescription;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.PluginDescription;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a node can run. Executors are reported as engine plugins of type {@code Executor} named {@code kind@version}.
 *
 * @param kinds kinds of its executors
 * @param hostProcessesOff whether the node says that it has the process executor, switched off
 */
public record Executors(Set<String> kinds, boolean hostProcessesOff) {

    private static final String TYPE = "Executor";
    private static final String LABELS = "osmia.executor.";

    public Executors {
        kinds = Set.copyOf(kinds);
    }

    /** What the node reports. One that knows nothing of executors is a stock container engine. */
    static Executors of(Node node) {
        EngineDescription engine = node.getDescription().getEngine();
        Set<String> kinds = new TreeSet<>();
        for (PluginDescription plugin : engine.getPluginsList()) {
            if (plugin.getType().equals(TYPE)) {
                kinds.add(kind(plugin.getName()));
            }
        }
        boolean ours = engine.getLabelsMap().keySet().stream().anyMatch(label -> label.startsWith(LABELS));
        if (kinds.isEmpty() && !ours) {
            kinds.add("docker");
        }
        return new Executors(kinds, "off".equals(engine.getLabelsMap().get(LABELS + "process")));
    }

    private static String kind(String name) {
        int at = name.indexOf('@');
        return at < 0 ? name : name.substring(0, at);
    }
}
