package io.osmia.shell.internal.plugin;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.osmia.Plugin;
import io.osmia.wire.osmia.PluginChange;
import io.osmia.wire.osmia.RollbackPluginRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "rollback", description = "Go back to the version of a plugin that was active before.")
final class PluginRollback extends SessionCommand {

    @Parameters(paramLabel = "PLUGIN", description = "Name of the plugin or of its bundle.")
    private String plugin = "";

    @Option(names = "--version", paramLabel = "VERSION", description = "With --node or --all: only where this version is active.")
    private String version = "";

    @Mixin
    private final RolloutOptions rollout = new RolloutOptions();

    PluginRollback(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        RollbackPluginRequest request = RollbackPluginRequest.newBuilder()
                .setName(plugin)
                .setDryRun(rollout.dryRun)
                .build();
        if (rollout.isRollout()) {
            List<Seen> nodes = Seen.of(session, rollout.nodes.nodes(session));
            if (version.isEmpty()) {
                requireSameVersion(nodes);
            }
            new Rollout(session, rollout, new Everywhere(request, version)).over(nodes);
            return;
        }
        if (!version.isEmpty()) {
            throw Failure.usage("--version goes with --node or --all");
        }
        session.out().println(Changes.text(session.pluginChanges().rollbackPlugin(request)));
    }

    /** After a rollout that stopped, the way back of the others would lead too far back. */
    private void requireSameVersion(List<Seen> nodes) {
        Map<String, String> where = nodes.stream()
                .filter(node -> node.away().isEmpty())
                .collect(Collectors.groupingBy(
                        node -> node.active(plugin).map(Plugin::getVersion).orElse("not active"), TreeMap::new,
                        Collectors.mapping(Seen::name, Collectors.joining(", "))));
        if (where.size() > 1) {
            throw Failure.refused("plugin " + plugin + " is not the same everywhere: "
                    + where.entrySet().stream()
                            .map(entry -> entry.getKey() + " on " + entry.getValue())
                            .collect(Collectors.joining("; "))
                    + "; say with --version which of them is to be taken back; nothing was changed");
        }
    }

    /** The way back on each node that has the version. */
    private record Everywhere(RollbackPluginRequest request, String version) implements Rollout.Change {

        @Override
        public String unnecessary(Seen node) {
            String active = node.active(request.getName()).map(Plugin::getVersion).orElse("");
            if (version.isEmpty() || active.equals(version)) {
                return "";
            }
            return "passed over, " + (active.isEmpty() ? "the plugin is not active there" : "it has " + active);
        }

        @Override
        public PluginChange make(NodeOrders orders, Seen node) throws NotReachable {
            return orders.rollback(node.node().getId(), request);
        }

        @Override
        public String wayBack(PluginChange made) {
            return "osmia plugin rollback --all --version " + made.getVersion() + " " + request.getName();
        }
    }
}
