package io.osmia.shell.internal.plugin;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.OutputOptions;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.shell.internal.text.Table;
import io.osmia.wire.osmia.ListPluginsRequest;
import io.osmia.wire.osmia.Plugin;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "ls", description = "List the plugins of the node, also those it refused.")
final class PluginLs extends SessionCommand {

    @Option(names = {"-q", "--quiet"}, description = "Only names.")
    private boolean quiet;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    PluginLs(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        List<Plugin> plugins = session.plugins()
                .listPlugins(ListPluginsRequest.getDefaultInstance())
                .getPluginsList();
        if (quiet) {
            plugins.forEach(plugin -> session.out().println(plugin.getName()));
        } else if (!output.printedJson(session.out(), plugins)) {
            table(plugins).print(session.out());
        }
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
