package io.osmia.shell.internal.plugin;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.osmia.RollbackPluginRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "rollback", description = "Go back to the version of a plugin that was active before.")
final class PluginRollback extends SessionCommand {

    @Parameters(paramLabel = "PLUGIN", description = "Name of the plugin or of its bundle.")
    private String plugin = "";

    @Option(names = "--dry-run", description = "Only say whether it fits, and what would be done.")
    private boolean dryRun;

    PluginRollback(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        session.out().println(Changes.text(session.pluginChanges()
                .rollbackPlugin(RollbackPluginRequest.newBuilder()
                        .setName(plugin)
                        .setDryRun(dryRun)
                        .build())));
    }
}
