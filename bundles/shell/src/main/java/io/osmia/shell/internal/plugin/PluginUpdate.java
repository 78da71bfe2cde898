package io.osmia.shell.internal.plugin;

import io.osmia.shell.internal.command.Session;
import picocli.CommandLine.Command;

@Command(name = "update", description = {
    "Replace a plugin by another version, also one that came with the distribution. What an executor runs is not touched."
})
final class PluginUpdate extends PluginUpload {

    PluginUpdate(Session session) {
        super(session, true);
    }
}
