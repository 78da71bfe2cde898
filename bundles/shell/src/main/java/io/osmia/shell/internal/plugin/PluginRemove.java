package io.osmia.shell.internal.plugin;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.osmia.PluginChange;
import io.osmia.wire.osmia.RemovePluginRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "remove", description = {
    "Take a plugin away from the node. One of its name that came with the distribution comes back."
})
final class PluginRemove extends SessionCommand {

    @Parameters(paramLabel = "PLUGIN", description = "Name of the plugin or of its bundle.")
    private String plugin = "";

    @Option(names = {"-f", "--force"}, description = {
        "Also an executor that has workloads: they run on and wait for one that finds them."
    })
    private boolean force;

    @Mixin
    private final RolloutOptions rollout = new RolloutOptions();

    PluginRemove(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        RemovePluginRequest request = RemovePluginRequest.newBuilder()
                .setName(plugin)
                .setDryRun(rollout.dryRun)
                .setForce(force)
                .build();
        if (rollout.isRollout()) {
            new Rollout(session, rollout, new Everywhere(request))
                    .over(Seen.of(session, rollout.nodes.nodes(session)));
        } else {
            session.out().println(Changes.text(session.pluginChanges().removePlugin(request)));
        }
    }

    /** Away from each node that has it. */
    private record Everywhere(RemovePluginRequest request) implements Rollout.Change {

        @Override
        public String unnecessary(Seen node) {
            return node.active(request.getName()).isPresent() ? "" : "passed over, the plugin is not active there";
        }

        @Override
        public PluginChange make(NodeOrders orders, Seen node) throws NotReachable {
            return orders.remove(node.node().getId(), request);
        }

        /** The way back needs the bundle's name, which is in no list any more. */
        @Override
        public String wayBack(PluginChange made) {
            return "osmia plugin install --all JAR";
        }
    }
}
