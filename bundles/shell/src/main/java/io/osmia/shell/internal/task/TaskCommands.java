package io.osmia.shell.internal.task;

import io.osmia.shell.internal.command.Entry;
import java.util.List;

/** {@code osmia task} (rule 10.4.1). */
public final class TaskCommands {

    public static final Entry GROUP = Entry.group(
            "task",
            "Look at tasks.",
            List.of(
                    Entry.command("ls", TaskLs::new).forViewers(),
                    Entry.command("inspect", TaskInspect::new).forViewers(),
                    Entry.command("logs", TaskLogs::new, "log").forViewers(),
                    Entry.command("rm", TaskRm::new, "remove").forOperators()));

    private TaskCommands() {}
}
