package io.osmia.scheduler.internal.placement;

import io.osmia.api.scheduling.Candidate;
import io.osmia.scheduler.internal.cluster.Accounting;
import io.osmia.scheduler.internal.cluster.NodeState;
import io.osmia.scheduler.internal.filter.Pipeline;
import io.osmia.wire.swarmkit.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds nodes for the tasks of one group and accounts for them at once (rule 4.4). */
public final class GroupPlacement {

    private final Accounting accounting;
    private final Pipeline pipeline;
    private final Comparator<Candidate> order;
    private final Function<NodeState, Candidate> candidates;
    private final BiFunction<Task, NodeState, Task> assigned;
    private final List<Placed> placed;

    /**
     * @param order total
     * @param candidates a node as the strategy sees it now
     * @param assigned a task as it is stored once it has its node
     * @param placed gets what was placed, also when {@link #place} ends with an exception
     */
    public GroupPlacement(
            Accounting accounting,
            Pipeline pipeline,
            Comparator<Candidate> order,
            Function<NodeState, Candidate> candidates,
            BiFunction<Task, NodeState, Task> assigned,
            List<Placed> placed) {
        this.accounting = accounting;
        this.pipeline = pipeline;
        this.order = order;
        this.candidates = candidates;
        this.assigned = assigned;
        this.placed = placed;
    }

    /** Places as many of the equal tasks as fit, in their order. */
    public void place(List<Task> tasks) {
        Branch root = tree(tasks.getFirst(), tasks.size());
        place(root, tasks.iterator(), tasks.size());
    }

    private Branch tree(Task task, int size) {
        List<Preference> preferences = Preference.of(task);
        Branch root = new Branch();
        for (NodeState node : accounting.nodes()) {
            int active = node.activeTasks(task.getServiceId());
            Branch branch = root;
            for (Preference preference : preferences) {
                branch = branch.branch(preference.value(node.facts()));
                branch.add(active);
            }
            @Nullable BestNodes best = branch.best();
            if (best == null) {
                best = new BestNodes(size, order);
                branch.best(best);
            }
            best.offer(new BestNodes.Ranked(node, candidates.apply(node)), pipeline::passes);
        }
        return root;
    }

    /** Places up to {@code most} tasks below the branch; how many. */
    private long place(Branch branch, Iterator<Task> tasks, long most) {
        @Nullable BestNodes best = branch.best();
        if (best != null) {
            return placeOnNodes(best.nodes(), tasks, most);
        }
        List<Branch> open = new ArrayList<>(branch.branches());
        long done = 0;
        // ends: a round that leaves tasks over has filled at least one branch
        while (done < most && !open.isEmpty()) {
            Map<Branch, Long> shares = Branch.shares(open, most - done);
            for (Branch each : List.copyOf(open)) {
                long share = shares.getOrDefault(each, 0L);
                long got = share == 0 ? 0 : place(each, tasks, share);
                each.add(got);
                done += got;
                if (got < share) {
                    open.remove(each);
                }
            }
        }
        return done;
    }

    /**
     * Rule 4.4.5: on the first pass a node is given tasks until the next one is the better one, then one task goes to each
     * node in turn; nodes that do not pass any more are skipped.
     */
    private long placeOnNodes(List<NodeState> nodes, Iterator<Task> tasks, long most) {
        List<NodeState> left = bestFirst(nodes);
        boolean firstPass = true;
        int at = 0;
        long done = 0;
        while (done < most && !left.isEmpty()) {
            NodeState node = left.get(at);
            assign(tasks.next(), node);
            done++;
            boolean open = pipeline.stillPasses(node);
            boolean last = at + 1 == left.size();
            if (!open) {
                left.remove(at);
            } else if (!firstPass || last || better(left.get(at + 1), node)) {
                at++;
            }
            if (at >= left.size()) {
                firstPass = false;
                at = 0;
            }
        }
        return done;
    }

    /** Those that still pass; asks for each candidate once and not at each comparison. */
    private List<NodeState> bestFirst(List<NodeState> nodes) {
        List<NodeState> sorted = nodes.stream()
                .filter(pipeline::stillPasses)
                .map(node -> new BestNodes.Ranked(node, candidates.apply(node)))
                .sorted(Comparator.comparing(BestNodes.Ranked::candidate, order))
                .map(BestNodes.Ranked::node)
                .toList();
        return new ArrayList<>(sorted);
    }

    private boolean better(NodeState one, NodeState other) {
        return order.compare(candidates.apply(one), candidates.apply(other)) < 0;
    }

    private void assign(Task task, NodeState node) {
        Placed one = Placed.of(assigned.apply(task, node), node);
        accounting.place(one.task());
        placed.add(one);
    }
}
