package io.osmia.shell.internal.service;

import io.osmia.shell.internal.command.Entry;
import java.util.List;

/** {@code osmia service} (rule 10.3). */
public final class ServiceCommands {

    public static final Entry GROUP = Entry.group(
            "service",
            "Create, change and look at services.",
            List.of(
                    Entry.command("create", ServiceCreate::new),
                    Entry.command("ls", ServiceLs::new),
                    Entry.command("inspect", ServiceInspect::new),
                    Entry.command("update", ServiceUpdate::new),
                    Entry.command("scale", ServiceScale::new),
                    Entry.command("ps", ServicePs::new),
                    Entry.command("logs", ServiceLogs::new, "log"),
                    Entry.command("rm", ServiceRm::new, "remove")),
            "svc");

    private ServiceCommands() {}
}
