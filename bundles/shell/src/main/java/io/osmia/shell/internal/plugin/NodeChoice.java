package io.osmia.shell.internal.plugin;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.NodeNames;
import io.osmia.shell.internal.command.Session;
import io.osmia.wire.swarmkit.EngineDescription;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** {@code --node} and {@code --all}: the nodes that are meant, instead of the one that is asked. */
final class NodeChoice {

    @Option(names = "--node", paramLabel = "NODE", description = "A node of the cluster, by name, id or start of its id, instead of the one that is asked. May be given several times.")
    private List<String> given = new ArrayList<>();

    @Option(names = "--all", description = "All nodes of the cluster.")
    private boolean all;

    /** Whether nodes are named; else the one that is asked is meant. */
    boolean isMade() {
        return all || !given.isEmpty();
    }

    /** The nodes by name. */
    List<Node> nodes(Session session) throws NotReachable {
        if (all && !given.isEmpty()) {
            throw Failure.usage("--all names every node; leave --node away");
        }
        Map<String, Node> chosen = new TreeMap<>();
        if (all) {
            session.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                    .filter(node -> !isOther(node))
                    .forEach(node -> chosen.put(node.getId(), node));
        }
        for (String word : given) {
            Node node = new Lookup(session).node(word);
            chosen.put(node.getId(), node);
        }
        return chosen.values().stream()
                .sorted(Comparator.comparing(NodeNames::name).thenComparing(Node::getId))
                .toList();
    }

    /** Whether it runs something else than Osmia, which names no executor. */
    private static boolean isOther(Node node) {
        EngineDescription engine = node.getDescription().getEngine();
        boolean names = Stream.concat(
                engine.getPluginsList().stream().map(plugin -> plugin.getType() + "."),
                engine.getLabelsMap().keySet().stream())
                .anyMatch(name -> name.startsWith("Executor.") || name.startsWith("osmia.executor."));
        return !engine.getEngineVersion().isEmpty() && !names;
    }
}
