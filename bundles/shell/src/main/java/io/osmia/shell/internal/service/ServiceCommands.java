package io.osmia.shell.internal.service;

import io.osmia.shell.internal.command.Entry;
import java.util.List;

/** {@code osmia service} (rule 10.3). */
public final class ServiceCommands {

    public static final Entry GROUP = Entry.group(
            "service",
            "Create, change and look at services.",
            List.of(
                    Entry.command("create", ServiceCreate::new).forOperators(),
                    Entry.command("ls", ServiceLs::new).forViewers(),
                    Entry.command("inspect", ServiceInspect::new).forViewers(),
                    Entry.command("update", ServiceUpdate::new).forOperators(),
                    Entry.command("scale", ServiceScale::new).forOperators(),
                    Entry.command("ps", ServicePs::new).forViewers(),
                    Entry.command("logs", ServiceLogs::new, "log").forViewers(),
                    Entry.command("rm", ServiceRm::new, "remove").forOperators()),
            "svc");

    private ServiceCommands() {}
}
