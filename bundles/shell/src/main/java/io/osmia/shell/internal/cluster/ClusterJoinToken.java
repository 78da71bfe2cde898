package io.osmia.shell.internal.cluster;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.swarmkit.JoinTokens;
import io.osmia.wire.swarmkit.KeyRotation;
import io.osmia.wire.swarmkit.ListClustersRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "join-token", description = "Print the command that makes a worker or a manager of another machine.", footer = {
    "", "Who has the token can join: keep the manager's as you would keep a password.",
    "Nodes that have joined do not need it any more; rotating it does not touch them."})
final class ClusterJoinToken extends SessionCommand {

    /** What the machine becomes. */
    enum Role {
        WORKER,
        MANAGER
    }

    @Parameters(paramLabel = "worker|manager", description = "What the machine is to become.")
    private Role role = Role.WORKER;

    @Option(names = "--rotate", description = "Make a new token; the former one is not taken any more.")
    private boolean rotate;

    @Option(names = {"-q", "--quiet"}, description = "Only the token.")
    private boolean quiet;

    ClusterJoinToken(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        if (rotate) {
            Clusters.rotate(session, KeyRotation.newBuilder()
                    .setWorkerJoinToken(role == Role.WORKER)
                    .setManagerJoinToken(role == Role.MANAGER)
                    .build());
        }
        String token = token();
        if (quiet) {
            session.out().println(token);
            return;
        }
        session.out().println("To add a " + (role == Role.WORKER ? "worker" : "manager")
                + " to this cluster, run on its machine:");
        session.out().println();
        session.out().println("    osmia node --join-addr " + address() + " --join-token " + token);
    }

    /** Fresh: a token that was just rotated away would be of no use. */
    private String token() throws NotReachable {
        JoinTokens tokens = session.upToDateControl().listClusters(ListClustersRequest.getDefaultInstance())
                .getClustersList()
                .stream()
                .findFirst()
                .orElseThrow(() -> Failure.refused("this node knows of no cluster yet; try again"))
                .getRootCa()
                .getJoinTokens();
        return role == Role.WORKER ? tokens.getWorker() : tokens.getManager();
    }

    private String address() throws NotReachable {
        return Managers.ask(session).stream()
                .filter(Managers::isReachable)
                .map(node -> node.getManagerStatus().getAddr())
                .filter(address -> !address.isEmpty())
                .findFirst()
                .orElseThrow(() -> Failure.refused(
                        "no manager is reachable, so there is no address to join at; 'osmia node ls' shows them"));
    }
}
