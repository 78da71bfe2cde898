package io.osmia.shell.internal.plugin;

import io.osmia.shell.internal.command.Entry;
import java.util.List;

/** {@code osmia executor}. */
public final class ExecutorCommands {

    public static final Entry GROUP = Entry.group(
            "executor",
            "Look at what runs tasks.",
            List.of(
                    Entry.command("ls", ExecutorLs::new).forViewers(),
                    Entry.described("inspect", "Show all about an executor of the node.", PluginInspect::new)
                            .forViewers()));

    private ExecutorCommands() {}
}
