package io.osmia.shell.internal.plugin;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.ListCommand;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Table;
import io.osmia.wire.osmia.ListPluginsRequest;
import io.osmia.wire.osmia.Plugin;
import io.osmia.wire.swarmkit.ListClustersRequest;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.Service;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(name = "ls", description = "List the strategies of the node, and how many services ask for each.")
final class StrategyLs extends ListCommand<Plugin> {

    private static final String LABEL = "osmia.strategy";
    private static final String OTHERWISE = "spread";

    StrategyLs(Session session) {
        super(session);
    }

    @Override
    protected List<Plugin> ask() throws NotReachable {
        return session.plugins().listPlugins(ListPluginsRequest.getDefaultInstance()).getPluginsList().stream()
                .filter(plugin -> plugin.getKind().equals("strategy"))
                .toList();
    }

    @Override
    protected String id(Plugin plugin) {
        return plugin.getName();
    }

    @Override
    protected void print(List<Plugin> strategies) throws NotReachable {
        Map<String, Long> askers = askers();
        Table table = new Table("Name", "Version", "State", "Services");
        strategies.forEach(plugin -> table.row(
                plugin.getName(),
                plugin.getVersion(),
                plugin.getState(),
                Long.toString(plugin.getState().equals("active") ? askers.getOrDefault(plugin.getName(), 0L) : 0)));
        table.print(session.out());
    }

    /** The label of the service, else that of the cluster, else the usual one. */
    private Map<String, Long> askers() throws NotReachable {
        String usual = session.control().listClusters(ListClustersRequest.getDefaultInstance()).getClustersList()
                .stream()
                .map(cluster -> cluster.getSpec().getAnnotations().getLabelsOrDefault(LABEL, OTHERWISE))
                .findFirst()
                .orElse(OTHERWISE);
        Function<Service, String> asked =
                service -> service.getSpec().getAnnotations().getLabelsOrDefault(LABEL, usual);
        return session.control().listServices(ListServicesRequest.getDefaultInstance()).getServicesList().stream()
                .collect(Collectors.groupingBy(asked, TreeMap::new, Collectors.counting()));
    }
}
