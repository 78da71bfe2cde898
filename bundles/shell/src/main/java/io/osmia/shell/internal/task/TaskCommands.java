package io.osmia.shell.internal.task;

import io.osmia.shell.internal.command.Entry;
import java.util.List;

/** {@code osmia task} (rule 10.4.1). */
public final class TaskCommands {

    public static final Entry GROUP = Entry.group(
            "task",
            "Look at tasks.",
            List.of(
                    Entry.command("ls", TaskLs::new),
                    Entry.command("inspect", TaskInspect::new),
                    Entry.command("logs", TaskLogs::new, "log"),
                    Entry.command("rm", TaskRm::new, "remove")));

    private TaskCommands() {}
}
