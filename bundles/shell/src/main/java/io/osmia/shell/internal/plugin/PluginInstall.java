package io.osmia.shell.internal.plugin;

import io.osmia.shell.internal.command.Session;
import picocli.CommandLine.Command;

@Command(name = "install", description = "Install a plugin that the node does not have yet.")
final class PluginInstall extends PluginUpload {

    PluginInstall(Session session) {
        super(session, false);
    }
}
