package io.osmia.shell.internal.plugin;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.ListCommand;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Table;
import io.osmia.wire.osmia.ListPluginsRequest;
import io.osmia.wire.osmia.Plugin;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "ls", description = "List the plugins of the node, also those it refused.")
final class PluginLs extends ListCommand<Plugin> {

    PluginLs(Session session) {
        super(session);
    }

    @Override
    protected List<Plugin> ask() throws NotReachable {
        return session.plugins().listPlugins(ListPluginsRequest.getDefaultInstance()).getPluginsList();
    }

    /** A node has one plugin of a name. */
    @Override
    protected String id(Plugin plugin) {
        return plugin.getName();
    }

    @Override
    protected void print(List<Plugin> plugins) {
        table(plugins).print(session.out());
    }

    private static Table table(List<Plugin> plugins) {
        boolean withMessages = plugins.stream().anyMatch(plugin -> !plugin.getMessage().isEmpty());
        Table table = withMessages
                ? new Table("Name", "Kind", "Version", "State", "File", "Message")
                : new Table("Name", "Kind", "Version", "State", "File");
        for (Plugin plugin : plugins) {
            if (withMessages) {
                table.row(plugin.getName(), plugin.getKind(), plugin.getVersion(), plugin.getState(),
                        plugin.getFile(), plugin.getMessage().replace('\n', ' '));
            } else {
                table.row(plugin.getName(), plugin.getKind(), plugin.getVersion(), plugin.getState(),
                        plugin.getFile());
            }
        }
        return table;
    }
}
