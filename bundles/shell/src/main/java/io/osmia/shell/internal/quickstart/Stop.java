package io.osmia.shell.internal.quickstart;

import io.grpc.StatusRuntimeException;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.RemoveServiceRequest;
import io.osmia.wire.swarmkit.Service;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Ends services, processes and the node, in this order, each with a bound, and leaves nothing behind. */
final class Stop {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration TASKS_BOUND = Duration.ofSeconds(30);
    private static final Duration NODE_BOUND = Duration.ofSeconds(15);
    private static final Duration LEFT_BOUND = Duration.ofSeconds(5);

    private final Session session;
    private final Folder folder;

    Stop(Session session, Folder folder) {
        this.session = session;
        this.folder = folder;
    }

    /** A condition that is asked for again and again. */
    private interface Condition {
        boolean holds() throws IOException, NotReachable;
    }

    void run() throws IOException {
        Optional<HostProcess> node = folder.node().filter(HostProcess::isAlive);
        if (node.isPresent()) {
            endTasks();
            end(node.get());
        }
        endLeftProcesses();
        folder.remove();
    }

    /** What cannot be ended through the node is ended without it afterwards. */
    private void endTasks() throws IOException {
        try {
            List<Service> services = session.control()
                    .listServices(ListServicesRequest.getDefaultInstance())
                    .getServicesList();
            for (Service service : services) {
                session.control()
                        .removeService(RemoveServiceRequest.newBuilder()
                                .setServiceId(service.getId())
                                .build());
            }
            await(TASKS_BOUND, () -> session.control()
                    .listTasks(ListTasksRequest.getDefaultInstance())
                    .getTasksCount() == 0);
        } catch (NotReachable e) {
            session.err().println("The node does not answer; ending its processes without it.");
        } catch (StatusRuntimeException e) {
            session.err()
                    .println("The node refuses (" + Failure.of(e).getMessage()
                            + "); ending its processes without it.");
        }
    }

    private void end(HostProcess node) throws IOException {
        node.terminate();
        if (!awaitHere(NODE_BOUND, () -> !node.isAlive())) {
            node.kill();
            awaitHere(NODE_BOUND, () -> !node.isAlive());
        }
    }

    private void endLeftProcesses() throws IOException {
        LeftProcesses left = new LeftProcesses(folder);
        left.find().forEach(HostProcess::terminate);
        if (!awaitHere(LEFT_BOUND, () -> left.find().isEmpty())) {
            // A process may be born while the others are killed, so it is looked for until none is left.
            awaitHere(LEFT_BOUND, () -> {
                List<HostProcess> found = left.find();
                found.forEach(HostProcess::kill);
                return found.isEmpty();
            });
        }
        List<HostProcess> alive = left.find();
        if (!alive.isEmpty()) {
            throw Failure.refused("process " + alive.getFirst().pid() + " does not end; end it, then try again");
        }
    }

    private boolean awaitHere(Duration bound, Condition condition) throws IOException {
        try {
            return await(bound, condition);
        } catch (NotReachable e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean await(Duration bound, Condition condition) throws IOException, NotReachable {
        Instant end = session.now().plus(bound);
        while (!condition.holds()) {
            if (!session.now().isBefore(end)) {
                return false;
            }
            session.surroundings().pause().accept(POLL);
        }
        return true;
    }
}
