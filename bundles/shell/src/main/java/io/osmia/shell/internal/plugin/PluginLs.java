package io.osmia.shell.internal.plugin;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.ListCommand;
import io.osmia.shell.internal.command.NodeNames;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Table;
import io.osmia.wire.osmia.ListPluginsRequest;
import io.osmia.wire.osmia.Plugin;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "ls", description = "List the plugins of the node, or of several, also those that were refused.")
final class PluginLs extends ListCommand<Plugin> {

    private static final String AWAY = "away";

    @Mixin
    private final NodeChoice nodes = new NodeChoice();

    PluginLs(Session session) {
        super(session);
    }

    @Override
    protected List<Plugin> ask() throws NotReachable {
        if (!nodes.isMade()) {
            return session.plugins().listPlugins(ListPluginsRequest.getDefaultInstance()).getPluginsList();
        }
        List<Plugin> plugins = new ArrayList<>();
        for (Seen node : Seen.of(session, nodes.nodes(session))) {
            String id = node.node().getId();
            node.plugins().forEach(plugin -> plugins.add(plugin.toBuilder().setNodeId(id).build()));
            if (!node.away().isEmpty()) {
                plugins.add(Plugin.newBuilder().setNodeId(id).setState(AWAY).setMessage(node.away()).build());
            }
        }
        return plugins;
    }

    /** A node has one plugin of a name. */
    @Override
    protected String id(Plugin plugin) {
        return plugin.getName();
    }

    @Override
    protected void print(List<Plugin> plugins) throws NotReachable {
        boolean withMessages = plugins.stream().anyMatch(plugin -> !plugin.getMessage().isEmpty());
        List<String> columns = new ArrayList<>(List.of("Name", "Kind", "Version", "State", "File"));
        if (nodes.isMade()) {
            columns.addFirst("Node");
        }
        if (withMessages) {
            columns.add("Message");
        }
        Table table = new Table(columns.toArray(String[]::new));
        NodeNames names = nodes.isMade() ? NodeNames.ask(session) : NodeNames.of(List.of());
        for (Plugin plugin : plugins) {
            List<String> row = new ArrayList<>(List.of(plugin.getName(), plugin.getKind(), plugin.getVersion(),
                    plugin.getState(), plugin.getFile()));
            if (nodes.isMade()) {
                row.addFirst(names.get(plugin.getNodeId()));
            }
            if (withMessages) {
                row.add(plugin.getMessage().replace('\n', ' '));
            }
            table.row(row.toArray(String[]::new));
        }
        table.print(session.out());
    }
}
