package io.osmia.shell.internal.cluster;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.OutputOptions;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.shell.internal.text.Table;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.ListClustersRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "ls", description = "List clusters; there is one.")
final class ClusterLs extends SessionCommand {

    @Option(names = {"-q", "--quiet"}, description = "Only ids.")
    private boolean quiet;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    ClusterLs(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        List<Cluster> clusters = session.control()
                .listClusters(ListClustersRequest.getDefaultInstance())
                .getClustersList();
        if (quiet) {
            clusters.forEach(cluster -> session.out().println(cluster.getId()));
        } else if (!output.printedJson(session.out(), clusters)) {
            Table table = new Table("ID", "Name");
            clusters.forEach(cluster -> table.row(
                    cluster.getId(), cluster.getSpec().getAnnotations().getName()));
            table.print(session.out());
        }
    }
}
