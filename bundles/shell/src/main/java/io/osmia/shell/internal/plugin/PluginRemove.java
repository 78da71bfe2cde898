package io.osmia.shell.internal.plugin;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.osmia.RemovePluginRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "remove", description = {
    "Take a plugin away from the node. One of its name that came with the distribution comes back."
})
final class PluginRemove extends SessionCommand {

    @Parameters(paramLabel = "PLUGIN", description = "Name of the plugin or of its bundle.")
    private String plugin = "";

    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    @Option(names = {"-f", "--force"}, description = {
        "Also an executor that has workloads: they run on and wait for one that finds them."
    })
    private boolean force;

    PluginRemove(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        session.out().println(Changes.text(session.pluginChanges()
                .removePlugin(RemovePluginRequest.newBuilder()
                        .setName(plugin)
                        .setDryRun(dryRun)
                        .setForce(force)
                        .build())));
    }
}
