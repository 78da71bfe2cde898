package io.osmia.shell.internal.plugin;

import io.osmia.shell.internal.command.Entry;
import java.util.List;

/** {@code osmia plugin}. */
public final class PluginCommands {

    public static final Entry GROUP = Entry.group(
            "plugin",
            "Look at the plugins of a node, and change them while it runs.",
            List.of(
                    Entry.command("ls", PluginLs::new),
                    Entry.command("inspect", PluginInspect::new),
                    Entry.command("install", PluginInstall::new),
                    Entry.command("update", PluginUpdate::new),
                    Entry.command("rollback", PluginRollback::new),
                    Entry.command("remove", PluginRemove::new)));

    private PluginCommands() {}
}
