package io.osmia.shell.internal.plugin;

import io.osmia.shell.internal.command.Entry;
import java.util.List;

/** {@code osmia plugin}. */
public final class PluginCommands {

    public static final Entry GROUP =
            Entry.group("plugin", "Look at the plugins of a node.", List.of(Entry.command("ls", PluginLs::new)));

    private PluginCommands() {}
}
