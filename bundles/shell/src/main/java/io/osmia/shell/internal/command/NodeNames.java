package io.osmia.shell.internal.command;

import io.osmia.shell.NotReachable;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.Node;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Names of nodes by their ids. */
public final class NodeNames {

    private final Map<String, String> names = new TreeMap<>();

    private NodeNames() {}

    /** Asks for them, unless ids are wanted. */
    public static NodeNames ask(Session session) throws NotReachable {
        return session.showsNames()
                ? of(session.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList())
                : new NodeNames();
    }

    public static NodeNames of(List<Node> nodes) {
        NodeNames known = new NodeNames();
        nodes.forEach(node -> known.names.put(node.getId(), name(node)));
        return known;
    }

    /** The name it was given, else that of the machine. */
    public static String name(Node node) {
        String given = node.getSpec().getAnnotations().getName();
        return given.isEmpty() ? node.getDescription().getHostname() : given;
    }

    public String get(String id) {
        String name = names.getOrDefault(id, "");
        return name.isEmpty() ? id : name;
    }
}
