package io.osmia.shell.internal.plugin;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.InspectCommand;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Summary;
import io.osmia.wire.osmia.ListPluginsRequest;
import io.osmia.wire.osmia.Plugin;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "inspect", description = "Show all about the active plugin of a name, else about one that is not active.")
final class PluginInspect extends InspectCommand<Plugin> {

    @Parameters(paramLabel = "PLUGIN", description = "Name of a plugin, of its bundle or, if it was refused, of its file.")
    private String plugin = "";

    @Option(names = "--node", paramLabel = "NODE", description = "The node that has it, instead of the one that is asked.")
    private String node = "";

    PluginInspect(Session session) {
        super(session);
    }

    @Override
    protected Plugin find() throws NotReachable {
        List<Plugin> named = all().stream()
                .filter(one -> one.getName().equals(plugin) || one.getSymbolicName().equals(plugin))
                .toList();
        return named.stream()
                .filter(one -> one.getState().equals("active"))
                .findFirst()
                .or(() -> named.stream().findFirst())
                .orElseThrow(() -> Failure.refused("plugin " + plugin + " not found; 'osmia plugin ls' lists them"));
    }

    private List<Plugin> all() throws NotReachable {
        return node.isEmpty()
                ? session.plugins().listPlugins(ListPluginsRequest.getDefaultInstance()).getPluginsList()
                : Upload.join(new NodeOrders(session).list(new Lookup(session).node(node).getId()));
    }

    @Override
    protected void print(Plugin found) {
        new Summary()
                .line("Name", found.getName())
                .optional("Kind", found.getKind())
                .optional("Version", found.getVersion())
                .line("State", found.getState())
                .optional("Message", found.getMessage())
                .line("File", found.getFile())
                .optional("Bundle", found.getSymbolicName())
                .optional("Digest", found.getDigest())
                .optional("SPI", found.getSpi())
                .optional("Executor", found.getExecutor())
                .optional("Handle Versions", found.getHandleVersionsList().stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(", ")))
                .optional("Former Version", found.getFormerVersion())
                .print(session.out());
    }
}
