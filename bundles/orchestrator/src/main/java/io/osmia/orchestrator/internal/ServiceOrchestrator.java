package io.osmia.orchestrator.internal;

import io.osmia.orchestrator.DirtyCheck;
import io.osmia.roles.Ids;
import io.osmia.scheduler.PlacementRules;
import io.osmia.store.By;
import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the orchestrators of all kinds of services share: commits say which services, nodes and ended tasks must be looked
 * at; each tick looks at them in the newest state, writes what is to change, and then advances updates and delayed starts.
 * Each phase sees what the one before has written, so none acts twice.
 */
abstract class ServiceOrchestrator implements Reactor {

    private final Store store;
    private final EditWriter writer;
    final TaskFactory tasks;
    final RestartSupervisor restarts;
    final SlotCheck check;
    private final Updates updates;

    private final SortedSet<String> services = new TreeSet<>();
    private final SortedSet<String> nodes = new TreeSet<>();
    private final SortedSet<String> ended = new TreeSet<>();
    private boolean fresh;

    ServiceOrchestrator(Store store, long term, Ids ids, PlacementCheck placement, Duration oldTaskTimeout) {
        this.store = store;
        this.writer = new EditWriter(store, term);
        this.tasks = new TaskFactory(ids);
        this.restarts = new RestartSupervisor(tasks, oldTaskTimeout);
        this.check =
                new SlotCheck(new DirtyCheck((p, n) -> placement.check(p, n) != PlacementRules.Match.NO));
        this.updates = new Updates(check, tasks, restarts);
    }

    /** Whether services like this are looked after here. */
    abstract boolean owns(ServiceSpec spec);

    /** What a service that exists needs (rules 3.1.3, 3.2.2). */
    abstract Plan plan(View view, Service service, Instant now);

    /** What a node that was changed or removed asks for (rules 3.1.5, 3.2.3, 3.2.4). */
    abstract List<Edit> nodeChanged(View view, String nodeId, Instant now);

    /** What becomes of a task that ended or lost its node while it was meant to run. */
    abstract List<Edit> taskEnded(View view, Service service, Task task, Instant now);

    /** A service was created or changed, or is found at the start. */
    void serviceSeen(String serviceId) {}

    /** A service was removed. */
    void serviceGone(String serviceId) {}

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.CLUSTERS, Table.NODES, Table.SERVICES, Table.TASKS);
    }

    @Override
    public void start(View view, Instant now) {
        services.clear();
        nodes.clear();
        ended.clear();
        updates.clear();
        restarts.clear();
        fresh = true;
    }

    @Override
    public void commit(Commit commit, Instant now) {
        for (Change<?> change : commit.changes()) {
            switch (change.object()) {
                case Service service -> serviceTouched(change, service);
                case Task task -> taskTouched(change.kind(), task, commit.after(), now);
                case Node node -> nodeTouched(change.kind(), node, commit.after(), now);
                default -> {}
            }
        }
    }

    private void serviceTouched(Change<?> change, Service service) {
        if (!owns(service.getSpec())) {
            return;
        }
        if (change.kind() == Change.Kind.REMOVE) {
            serviceGone(service.getId());
            services.add(service.getId());
        } else if (!(change.former() instanceof Service former) || asksAnew(former, service)) {
            serviceSeen(service.getId());
            services.add(service.getId());
        }
    }

    /** Whether more has changed than what allocator and updater note in a service. */
    private static boolean asksAnew(Service former, Service service) {
        return !former.getSpec().equals(service.getSpec())
                || !former.getSpecVersion().equals(service.getSpecVersion())
                || (former.hasUpdateStatus() && !service.hasUpdateStatus());
    }

    private void taskTouched(Change.Kind kind, Task task, View after, Instant now) {
        if (task.getServiceId().isEmpty()) {
            return;
        }
        restarts.starts().taskTouched(task.getId(), now);
        updates.taskTouched(task, now);
        Service service = after.get(Table.SERVICES, task.getServiceId());
        if (service == null || !owns(service.getSpec()) || !Tasks.runnable(task)) {
            return;
        }
        if (kind == Change.Kind.REMOVE) {
            services.add(service.getId());
        } else if (Tasks.dead(task) || Tasks.onInvalidNode(after, task)) {
            ended.add(task.getId());
        }
    }

    private void nodeTouched(Change.Kind kind, Node node, View after, Instant now) {
        nodes.add(node.getId());
        if (kind == Change.Kind.REMOVE || Tasks.down(node)) {
            restarts.starts().nodeLost(after, node.getId(), now);
        }
    }

    @Override
    public void tick(Instant now) {
        if (fresh) {
            fresh = false;
            begin(store.view(), now);
        }
        each(nodes, (view, id) -> nodeChanged(view, id, now));
        each(ended, (view, id) -> taskEnded(view, id, now));
        each(services, (view, id) -> reconcile(view, id, now));
        writer.write(updates.due(store.view(), now));
        writer.write(restarts.starts().due(store.view(), now));
    }

    private void each(SortedSet<String> ids, BiFunction<View, String, List<Edit>> look) {
        if (ids.isEmpty()) {
            return;
        }
        List<String> now = List.copyOf(ids);
        ids.clear();
        View view = store.view();
        List<Edit> edits = new ArrayList<>();
        now.forEach(id -> edits.addAll(look.apply(view, id)));
        writer.write(edits);
    }

    /** Takes up what a former leader left (rule 3.8). */
    private void begin(View view, Instant now) {
        List<Edit> edits = new ArrayList<>();
        for (Service service : view.find(Table.SERVICES, By.ALL)) {
            if (owns(service.getSpec())) {
                serviceSeen(service.getId());
                services.add(service.getId());
                Slots.of(view, service.getId())
                        .forEach((key, slot) -> restarts.history().rebuild(slot));
            }
        }
        for (Task task : view.find(Table.TASKS, By.ALL)) {
            if (task.getServiceId().isEmpty()) {
                continue;
            }
            if (view.get(Table.SERVICES, task.getServiceId()) == null) {
                edits.add(new Edit.DeleteTask(task.getId()));
            } else if (services.contains(task.getServiceId()) && Tasks.runnable(task)) {
                takeUp(view, task, now);
            }
        }
        writer.write(edits);
    }

    private void takeUp(View view, Task task, Instant now) {
        if (Tasks.dead(task) || Tasks.onInvalidNode(view, task)) {
            ended.add(task.getId());
        }
        if (Tasks.desires(task, TaskState.READY) && Tasks.observed(task) <= TaskState.COMPLETE_VALUE) {
            restarts.resume(view, task, Slots.tasks(view, SlotKey.of(task)), now);
        }
    }

    private List<Edit> taskEnded(View view, String id, Instant now) {
        Task task = view.get(Table.TASKS, id);
        if (task == null || !Tasks.runnable(task)) {
            return List.of();
        }
        Service service = view.get(Table.SERVICES, task.getServiceId());
        return service == null ? List.of() : taskEnded(view, service, task, now);
    }

    private List<Edit> reconcile(View view, String id, Instant now) {
        Service service = view.get(Table.SERVICES, id);
        if (service == null) {
            return abandon(view, id);
        }
        if (!owns(service.getSpec())) {
            return List.of();
        }
        Plan plan = plan(view, service, now);
        if (plan.more()) {
            look(id);
        }
        List<Edit> edits = new ArrayList<>(plan.edits());
        edits.addAll(updates.update(view, service, plan.kept(), now));
        return edits;
    }

    /** The service is gone: so must its tasks (rule 3.1.7). */
    private List<Edit> abandon(View view, String serviceId) {
        updates.drop(serviceId);
        restarts.history().forgetService(serviceId);
        return view.find(Table.TASKS, By.service(serviceId)).stream()
                .filter(t -> !Tasks.desires(t, TaskState.REMOVE))
                .<Edit>map(t -> new Edit.Desire(t.getId(), TaskState.REMOVE))
                .toList();
    }

    /** Asks for a look at a task, in the next phase of this tick. */
    void look(Task task) {
        ended.add(task.getId());
    }

    /** Asks for a look at a service, at the next tick. */
    void look(String serviceId) {
        services.add(serviceId);
    }

    @Override
    public @Nullable Instant deadline() {
        if (fresh || !services.isEmpty() || !nodes.isEmpty() || !ended.isEmpty()) {
            return Instant.EPOCH;
        }
        Instant start = restarts.starts().deadline();
        Instant update = updates.deadline();
        if (start == null || update == null) {
            return start == null ? update : start;
        }
        return start.isBefore(update) ? start : update;
    }
}
