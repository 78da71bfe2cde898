package io.osmia.shell.internal.plugin;

import io.grpc.StatusRuntimeException;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import io.osmia.wire.osmia.PluginChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A change of plugins that goes from node to node. Each node looks for itself whether it fits; the first refusal ends it. */
final class Rollout {

    /** What is done to each node. */
    interface Change {

        /** Why nothing is to be done there; empty when something is. */
        String unnecessary(Seen node);

        /** Does it. */
        PluginChange make(NodeOrders orders, Seen node) throws NotReachable;

        /** The command that takes it back where it was done. */
        String wayBack(PluginChange made);
    }

    private final Session session;
    private final RolloutOptions options;
    private final Change change;

    // guarded by this
    private final List<String> done = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<String> untouched = new ArrayList<>();
    private String wayBack = "";
    private boolean stopped;

    Rollout(Session session, RolloutOptions options, Change change) {
        this.session = session;
        this.options = options;
        this.change = change;
    }

    /** Goes over those that are not away; when one is and a failure stops, nothing is touched. */
    void over(List<Seen> nodes) throws NotReachable {
        if (nodes.isEmpty()) {
            throw Failure.refused("no nodes; 'osmia node ls' shows what there is");
        }
        for (Seen node : nodes) {
            if (!node.away().isEmpty()) {
                failed(node, node.away());
            }
        }
        if (stopped) {
            throw Failure.refused(String.join("; ", failures)
                    + "; nothing was changed on any node: wait for it, name the others with --node, or go on without it"
                    + " with --on-failure continue");
        }
        Queue<Seen> left = new ConcurrentLinkedQueue<>(nodes.stream().filter(node -> node.away().isEmpty()).toList());
        NodeOrders orders = new NodeOrders(session);
        List<Thread> hands = new ArrayList<>();
        for (int hand = Math.min(options.parallelism(), left.size()); hand > 0; hand--) {
            hands.add(Thread.ofVirtual().name("rollout-" + hand).start(() -> goOver(left, orders)));
        }
        join(hands);
        left.forEach(node -> untouched.add(node.name()));
        if (!failures.isEmpty()) {
            throw Failure.refused(summary());
        }
    }

    private static void join(List<Thread> hands) {
        try {
            for (Thread hand : hands) {
                hand.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.refused("interrupted; 'osmia plugin ls --all' shows what was done");
        }
    }

    private void goOver(Queue<Seen> left, NodeOrders orders) {
        @Nullable Seen next = next(left);
        while (next != null) {
            one(orders, next);
            next = next(left);
        }
    }

    private synchronized @Nullable Seen next(Queue<Seen> left) {
        return stopped ? null : left.poll();
    }

    private void one(NodeOrders orders, Seen node) {
        try {
            String unnecessary = change.unnecessary(node);
            if (!unnecessary.isEmpty()) {
                say(node, unnecessary);
                return;
            }
            PluginChange made = change.make(orders, node);
            done(node, made);
        } catch (StatusRuntimeException e) {
            failed(node, Failure.of(e).getMessage());
        } catch (NotReachable | Failure e) {
            failed(node, String.valueOf(e.getMessage()));
        }
    }

    private synchronized void say(Seen node, String text) {
        session.out().println(node.name() + ": " + text);
        session.out().flush();
    }

    private synchronized void done(Seen node, PluginChange made) {
        done.add(node.name());
        wayBack = change.wayBack(made);
        say(node, Changes.text(made));
    }

    private synchronized void failed(Seen node, String why) {
        failures.add("node " + node.name() + ": " + why);
        stopped |= options.stops();
    }

    private synchronized String summary() {
        List<String> parts = new ArrayList<>(failures);
        if (!untouched.isEmpty()) {
            parts.add("stopped there, not touched: " + sorted(untouched));
        }
        if (!done.isEmpty() && !options.dryRun) {
            parts.add("done: " + sorted(done) + "; '" + wayBack + "' takes it back");
        }
        return String.join("; ", parts);
    }

    private static String sorted(List<String> names) {
        return names.stream().sorted().collect(Collectors.joining(", "));
    }
}
