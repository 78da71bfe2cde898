package io.osmia.orchestrator.internal;

import io.osmia.store.View;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.UpdateStatus.UpdateState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The updates under way, at most one per service (rules 3.6.1 to 3.6.3). */
final class Updates {

    private final SlotCheck check;
    private final TaskFactory tasks;
    private final RestartSupervisor restarts;
    private final SortedMap<String, RollingUpdate> running = new TreeMap<>();
    private final Timetable timetable = new Timetable();

    Updates(SlotCheck check, TaskFactory tasks, RestartSupervisor restarts) {
        this.check = check;
        this.tasks = tasks;
        this.restarts = restarts;
    }

    /** Sees to it that the slots become what the service asks for. */
    List<Edit> update(View view, Service service, List<Slot> slots, Instant now) {
        RollingUpdate current = running.get(service.getId());
        if (current != null && current.isFor(service)) {
            return List.of();
        }
        drop(service.getId());
        UpdateState state = service.getUpdateStatus().getState();
        if (state == UpdateState.PAUSED || state == UpdateState.ROLLBACK_PAUSED) {
            return List.of();
        }
        List<SlotKey> dirty = slots.stream()
                .filter(s -> check.dirty(view, service, s))
                .map(Slot::key)
                .sorted()
                .toList();
        return dirty.isEmpty() ? settle(service, state, now) : begin(service, dirty, current, now);
    }

    private static List<Edit> settle(Service service, UpdateState state, Instant now) {
        return switch (state) {
            case UPDATING -> List.of(UpdateReport.completed(service, false, now));
            case ROLLBACK_STARTED -> List.of(UpdateReport.completed(service, true, now));
            default -> List.of();
        };
    }

    private List<Edit> begin(Service service, List<SlotKey> dirty, @Nullable RollingUpdate former, Instant now) {
        RollingUpdate update = new RollingUpdate(service, dirty, check, tasks, restarts);
        if (former != null) {
            update.inherit(former);
        }
        running.put(service.getId(), update);
        timetable.set(service.getId(), now);
        return service.hasUpdateStatus() ? List.of() : List.of(UpdateReport.begun(service, now));
    }

    /** A task was changed or removed. */
    void taskTouched(Task task, Instant now) {
        RollingUpdate update = running.get(task.getServiceId());
        if (update != null) {
            update.observe(task, now);
            timetable.set(task.getServiceId(), now);
        }
    }

    /** What the updates that were touched, or whose time has come, want next. */
    List<Edit> due(View view, Instant now) {
        List<Edit> edits = new ArrayList<>();
        for (String id = timetable.takeDue(now); id != null; id = timetable.takeDue(now)) {
            RollingUpdate update = running.get(id);
            if (update != null) {
                edits.addAll(update.advance(view, now));
                plan(id, update);
            }
        }
        return edits;
    }

    private void plan(String id, RollingUpdate update) {
        Instant deadline = update.deadline();
        if (update.over()) {
            running.remove(id);
        } else if (deadline != null) {
            timetable.set(id, deadline);
        }
    }

    /** Gives the update of a service up; what it has begun stays. */
    void drop(String serviceId) {
        running.remove(serviceId);
        timetable.remove(serviceId);
    }

    @Nullable
    Instant deadline() {
        return timetable.first();
    }

    void clear() {
        running.clear();
        timetable.clear();
    }
}
