package io.osmia.shell.internal.plugin;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.NodeNames;
import io.osmia.shell.internal.command.Session;
import io.osmia.wire.osmia.Plugin;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What was seen of a node's plugins.
 *
 * @param plugins all of them, also those that are not active
 * @param away why nothing was seen; empty when something was
 */
record Seen(Node node, List<Plugin> plugins, String away) {

    Seen {
        plugins = List.copyOf(plugins);
    }

    /** Asks all of them at once. */
    static List<Seen> of(Session session, List<Node> nodes) throws NotReachable {
        NodeOrders orders = new NodeOrders(session);
        List<CompletableFuture<List<Plugin>>> answers = new ArrayList<>();
        for (Node node : nodes) {
            answers.add(orders.list(node.getId()));
        }
        List<Seen> seen = new ArrayList<>();
        for (int at = 0; at < nodes.size(); at++) {
            seen.add(seen(nodes.get(at), answers.get(at)));
        }
        return seen;
    }

    private static Seen seen(Node node, CompletableFuture<List<Plugin>> answer) {
        try {
            return new Seen(node, Upload.join(answer), "");
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED
                    || e.getStatus().getCode() == Status.Code.PERMISSION_DENIED) {
                throw e; // says nothing about the node
            }
            return new Seen(node, List.of(), why(node, e));
        }
    }

    private static String why(Node node, StatusRuntimeException e) {
        NodeStatus.State state = node.getStatus().getState();
        String text = Failure.of(e).getMessage();
        return state == NodeStatus.State.READY ? text : "it is " + state + "; " + text;
    }

    String name() {
        return NodeNames.name(node);
    }

    /** The active plugin of that name, or whose bundle has that name. */
    Optional<Plugin> active(String plugin) {
        return plugins.stream()
                .filter(one -> one.getState().equals("active"))
                .filter(one -> one.getName().equals(plugin) || one.getSymbolicName().equals(plugin))
                .findFirst();
    }

    /** Whether exactly that jar is active. */
    boolean has(String digest) {
        return plugins.stream().anyMatch(one -> one.getState().equals("active") && one.getDigest().equals(digest));
    }
}
