package io.osmia.shell.internal.cluster;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.ListCommand;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Table;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.ListClustersRequest;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "ls", description = "List clusters; there is one.")
final class ClusterLs extends ListCommand<Cluster> {

    ClusterLs(Session session) {
        super(session);
    }

    @Override
    protected List<Cluster> ask() throws NotReachable {
        return session.control().listClusters(ListClustersRequest.getDefaultInstance()).getClustersList();
    }

    @Override
    protected String id(Cluster cluster) {
        return cluster.getId();
    }

    @Override
    protected void print(List<Cluster> clusters) {
        Table table = new Table("ID", "Name");
        clusters.forEach(cluster -> table.row(
                cluster.getId(), cluster.getSpec().getAnnotations().getName()));
        table.print(session.out());
    }
}
