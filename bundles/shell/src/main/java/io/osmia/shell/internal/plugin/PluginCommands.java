package io.osmia.shell.internal.plugin;

import io.osmia.shell.internal.command.Entry;
import java.util.List;

/** {@code osmia plugin}. */
public final class PluginCommands {

    public static final Entry GROUP = Entry.group(
            "plugin",
            "Look at the plugins of a node, and change them while it runs.",
            List.of(
                    Entry.command("ls", PluginLs::new).forViewers(),
                    Entry.command("inspect", PluginInspect::new).forViewers(),
                    Entry.command("install", PluginInstall::new).forOperators(),
                    Entry.command("update", PluginUpdate::new).forOperators(),
                    Entry.command("rollback", PluginRollback::new).forOperators(),
                    Entry.command("remove", PluginRemove::new).forOperators()));

    private PluginCommands() {}
}
