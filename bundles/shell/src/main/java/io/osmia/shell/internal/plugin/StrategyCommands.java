package io.osmia.shell.internal.plugin;

import io.osmia.shell.internal.command.Entry;
import java.util.List;

/** {@code osmia strategy}. */
public final class StrategyCommands {

    public static final Entry GROUP = Entry.group(
            "strategy",
            "Look at what decides where tasks run.",
            List.of(
                    Entry.command("ls", StrategyLs::new).forViewers(),
                    Entry.described("inspect", "Show all about a strategy of the node.", PluginInspect::new)
                            .forViewers()));

    private StrategyCommands() {}
}
