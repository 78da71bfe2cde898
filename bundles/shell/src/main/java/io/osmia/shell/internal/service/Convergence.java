package io.osmia.shell.internal.service;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.Tasks;
import io.osmia.wire.swarmkit.GetServiceRequest;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.UpdateStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Waits until a service is as its newest specification says. What is up to date is asked of the node, since tasks of
 * an older version may well be (rule 3.5).
 */
public final class Convergence {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int NAMED_AT_MOST = 3;

    /** A program that fails at once has been RUNNING for a moment, too. */
    private static final Duration STEADY = Duration.ofSeconds(1);

    /** Longer than the orchestrator takes to replace a task, if it is going to. */
    private static final Duration ENDED = Duration.ofSeconds(2);

    private final Session session;
    private final String serviceId;

    public Convergence(Session session, String serviceId) {
        this.session = session;
        this.serviceId = serviceId;
    }

    /**
     * Returns when all have run for {@link #STEADY}; fails when the bound is over, when the update paused or was rolled back,
     * or when every task has ended and none will follow.
     */
    public void await(Duration bound) throws NotReachable {
        Instant end = session.now().plus(bound);
        Still running = new Still();
        Still ended = new Still();
        while (true) {
            Service service = session.control()
                    .getService(GetServiceRequest.newBuilder()
                            .setServiceId(serviceId)
                            .build())
                    .getService();
            failIfNotUpdated(service);
            List<Task> wanted = wanted(false);
            List<Task> current = wanted(true);
            if (running.lasts(hasConverged(service, wanted, current), current, session.now(), STEADY)) {
                return;
            }
            List<Task> over = wanted.isEmpty() ? all() : List.of();
            if (ended.lasts(!over.isEmpty() && !isEmpty(service), over, session.now(), ENDED)) {
                throw Failure.refused(whatEnded(service, over));
            }
            if (!session.now().isBefore(end)) {
                throw Failure.timedOut(whatIsMissing(service, wanted, current, bound));
            }
            session.surroundings().pause().accept(POLL);
        }
    }

    /** Since when the same tasks have been seen in the same condition. */
    private static final class Still {

        private Set<String> ids = Set.of();
        private @Nullable Instant since;

        boolean lasts(boolean holds, List<Task> tasks, Instant now, Duration span) {
            Set<String> seen = tasks.stream().map(Task::getId).collect(Collectors.toSet());
            if (!holds) {
                since = null;
            } else if (since == null || !seen.equals(ids)) {
                since = now;
            }
            ids = seen;
            return since != null && !now.isBefore(since.plus(span));
        }
    }

    private static boolean isEmpty(Service service) {
        return service.getSpec().hasReplicated()
                && service.getSpec().getReplicated().getReplicas() == 0;
    }

    private List<Task> all() throws NotReachable {
        ListTasksRequest request = ListTasksRequest.newBuilder()
                .setFilters(ListTasksRequest.Filters.newBuilder().addServiceIds(serviceId))
                .build();
        return session.control().listTasks(request).getTasksList();
    }

    private static String whatEnded(Service service, List<Task> over) {
        String name = service.getSpec().getAnnotations().getName();
        String who = over.stream()
                .sorted(Tasks.BY_SLOT)
                .limit(NAMED_AT_MOST)
                .map(task -> reason(task, over))
                .collect(Collectors.joining(", "));
        return "service " + name + " has ended and its restart policy starts no other task: " + who
                + "; see 'osmia service ps --all " + name + "'";
    }

    private List<Task> wanted(boolean upToDate) throws NotReachable {
        ListTasksRequest request = ListTasksRequest.newBuilder()
                .setFilters(ListTasksRequest.Filters.newBuilder()
                        .addServiceIds(serviceId)
                        .setUpToDate(upToDate))
                .build();
        return session.control().listTasks(request).getTasksList().stream()
                .filter(Tasks::isWanted)
                .sorted(Tasks.BY_SLOT)
                .toList();
    }

    private boolean hasConverged(Service service, List<Task> wanted, List<Task> current) throws NotReachable {
        boolean settled = service.getUpdateStatus().getState() != UpdateStatus.UpdateState.UPDATING
                && wanted.size() == current.size()
                && current.stream().allMatch(Convergence::runs);
        return settled && current.size() == expected(service, current);
    }

    /** Where a global service belongs is for the scheduler to say; without constraints it is every open node. */
    private long expected(Service service, List<Task> current) throws NotReachable {
        if (service.getSpec().hasReplicated()) {
            return service.getSpec().getReplicated().getReplicas();
        }
        if (service.getSpec().getTask().getPlacement().getConstraintsCount() > 0) {
            return Math.max(1, current.size());
        }
        return session.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                .filter(Convergence::isOpen)
                .count();
    }

    private static boolean isOpen(Node node) {
        return node.getStatus().getState() == NodeStatus.State.READY
                && node.getSpec().getAvailability() == NodeSpec.Availability.ACTIVE;
    }

    private static boolean runs(Task task) {
        return task.getDesiredState() == TaskState.RUNNING && task.getStatus().getState() == TaskState.RUNNING;
    }

    private static void failIfNotUpdated(Service service) {
        UpdateStatus status = service.getUpdateStatus();
        String name = service.getSpec().getAnnotations().getName();
        switch (status.getState()) {
            case PAUSED, ROLLBACK_PAUSED -> throw Failure.notUpdated("update of service " + name + " paused: "
                    + status.getMessage() + "; see 'osmia service ps --all " + name + "', then update it again");
            case ROLLBACK_STARTED, ROLLBACK_COMPLETED -> throw Failure.notUpdated("update of service " + name
                    + " was rolled back: " + status.getMessage() + "; see 'osmia service ps --all " + name + "'");
            default -> {
                // still on its way or done
            }
        }
    }

    private String whatIsMissing(Service service, List<Task> wanted, List<Task> current, Duration bound) {
        String name = service.getSpec().getAnnotations().getName();
        long running = current.stream().filter(Convergence::runs).count();
        List<Task> missing =
                wanted.stream().filter(task -> !runs(task) || !current.contains(task)).toList();
        String who = missing.stream()
                .limit(NAMED_AT_MOST)
                .map(task -> reason(task, current))
                .collect(Collectors.joining(", "));
        String more = missing.size() > NAMED_AT_MOST ? " and " + (missing.size() - NAMED_AT_MOST) + " more" : "";
        return "service " + name + " has not converged after " + bound.toSeconds() + " s: " + running + " of "
                + count(service, wanted) + " tasks run; missing: " + (who.isEmpty() ? "tasks not created yet" : who)
                + more + "; see 'osmia service ps --all " + name + "'";
    }

    private static String count(Service service, List<Task> wanted) {
        return service.getSpec().hasReplicated()
                ? Long.toUnsignedString(service.getSpec().getReplicated().getReplicas())
                : Integer.toString(wanted.size());
    }

    private static String reason(Task task, List<Task> current) {
        String why = Tasks.why(task).isEmpty() ? task.getStatus().getMessage() : Tasks.why(task);
        String state = current.contains(task) ? task.getStatus().getState().name() : "old specification";
        return Tasks.name(task) + " (" + state + (why.isEmpty() ? "" : ": " + why) + ")";
    }
}
