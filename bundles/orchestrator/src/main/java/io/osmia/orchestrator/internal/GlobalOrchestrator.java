package io.osmia.orchestrator.internal;

import io.osmia.roles.Ids;
import io.osmia.scheduler.PlacementRules.Match;
import io.osmia.store.By;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Keeps one task of each global service on each node that is to have one (rule 3.2). */
final class GlobalOrchestrator extends ServiceOrchestrator {

    private final PlacementCheck placement;
    private final GlobalNodePlan nodePlan;
    private final SortedSet<String> known = new TreeSet<>();

    GlobalOrchestrator(Store store, long term, Ids ids, PlacementCheck placement, Duration oldTaskTimeout) {
        super(store, term, ids, placement, oldTaskTimeout);
        this.placement = placement;
        this.nodePlan = new GlobalNodePlan(restarts.rules(), check, tasks, placement);
    }

    @Override
    boolean owns(ServiceSpec spec) {
        return spec.hasGlobal();
    }

    @Override
    public void start(View view, Instant now) {
        known.clear();
        super.start(view, now);
    }

    @Override
    void serviceSeen(String serviceId) {
        known.add(serviceId);
    }

    @Override
    void serviceGone(String serviceId) {
        known.remove(serviceId);
    }

    /** The constraint evaluators have changed: every global service is looked at anew. To be called on the loop's thread. */
    void placementChanged() {
        known.forEach(this::look);
    }

    @Override
    Plan plan(View view, Service service, Instant now) {
        return GlobalPlan.of(view, service, restarts.rules(), tasks, placement, now);
    }

    @Override
    List<Edit> nodeChanged(View view, String nodeId, Instant now) {
        Node node = view.get(Table.NODES, nodeId);
        if (node == null) {
            return tasksOn(view, nodeId)
                    .<Edit>map(t -> new Edit.DeleteTask(t.getId()))
                    .toList();
        }
        if (Tasks.invalid(node)) {
            return tasksOn(view, nodeId)
                    .filter(Tasks::runnable)
                    .map(GlobalOrchestrator::shutDown)
                    .toList();
        }
        return Tasks.paused(node) ? List.of() : reconcile(view, node, now);
    }

    private Stream<Task> tasksOn(View view, String nodeId) {
        return view.find(Table.TASKS, By.node(nodeId)).stream().filter(t -> known.contains(t.getServiceId()));
    }

    private List<Edit> reconcile(View view, Node node, Instant now) {
        SortedMap<String, List<Task>> there = new TreeMap<>();
        tasksOn(view, node.getId())
                .forEach(t -> there.computeIfAbsent(t.getServiceId(), k -> new ArrayList<>()).add(t));
        List<Edit> edits = new ArrayList<>();
        for (String id : known) {
            Service service = view.get(Table.SERVICES, id);
            if (service != null) {
                edits.addAll(nodePlan.of(view, service, node, there.getOrDefault(id, List.of()), now));
            }
        }
        return edits;
    }

    /** Restarted where it was, unless the node is no longer to have it (rule 3.2.5). */
    @Override
    List<Edit> taskEnded(View view, Service service, Task task, Instant now) {
        if (!owns(service.getSpec())) {
            return List.of();
        }
        Node node = view.get(Table.NODES, task.getNodeId());
        boolean stays = node != null
                && !Tasks.invalid(node)
                && !Tasks.paused(node)
                && placement.check(service.getSpec().getTask().getPlacement(), node) == Match.YES;
        return stays ? restarts.restart(view, service, task, now) : List.of(shutDown(task));
    }

    private static Edit shutDown(Task task) {
        return new Edit.Desire(task.getId(), TaskState.SHUTDOWN);
    }
}
