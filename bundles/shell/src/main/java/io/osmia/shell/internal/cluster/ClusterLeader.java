package io.osmia.shell.internal.cluster;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.osmia.TransferLeadershipRequest;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "leader", description = "Print the id of the manager that leads, or make another one lead.")
final class ClusterLeader extends SessionCommand {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration BOUND = Duration.ofSeconds(10);

    @Parameters(paramLabel = "NODE", arity = "0..1", description = "The manager that is to lead: name, id or the start of an id.")
    private @Nullable String node;

    @Option(names = "--move", description = "Let the other manager lead that is best up to date.")
    private boolean move;

    ClusterLeader(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        if (move && node != null) {
            throw Failure.usage("--move takes any manager and " + node + " is one; give one of them");
        }
        if (!move && node == null) {
            session.out().println(leader().orElseThrow(
                    () -> Failure.refused("no manager leads now; 'osmia cluster status' shows why")));
            return;
        }
        String wanted = node == null ? "" : wanted(node);
        Optional<String> former = leader();
        if (!wanted.isEmpty() && former.equals(Optional.of(wanted))) {
            throw Failure.refused("node " + node + " leads already");
        }
        session.managers()
                .transferLeadership(TransferLeadershipRequest.newBuilder()
                        .setNodeId(wanted)
                        .build());
        session.out().println(awaitOther(former, wanted));
    }

    private String wanted(String given) throws NotReachable {
        Node found = new Lookup(session).node(given);
        if (!found.hasManagerStatus() && found.getSpec().getDesiredRole() == NodeRole.MANAGER) {
            throw Failure
                    .refused("node " + given + " becomes a manager and is not yet one of those that vote; try again");
        }
        if (!found.hasManagerStatus()) {
            throw Failure.refused("node " + given + " is no manager; 'osmia node promote " + given + "' makes it one");
        }
        return found.getId();
    }

    /** The manager that is asked may hear of it a moment later than the call returns. */
    private String awaitOther(Optional<String> former, String wanted) throws NotReachable {
        Instant end = session.now().plus(BOUND);
        while (true) {
            Optional<String> now = leader();
            if (now.isPresent() && (wanted.isEmpty() ? !now.equals(former) : now.get().equals(wanted))) {
                return now.get();
            }
            if (!session.now().isBefore(end)) {
                throw Failure.timedOut("leadership was handed over, but " + now.map(id -> id + " leads")
                        .orElse("nobody leads") + " after " + BOUND.toSeconds()
                        + " s; 'osmia cluster status' shows the managers");
            }
            session.surroundings().pause().accept(POLL);
        }
    }

    private Optional<String> leader() throws NotReachable {
        return Managers.ask(session).stream()
                .filter(Managers::isLeader)
                .map(Node::getId)
                .findFirst();
    }
}
