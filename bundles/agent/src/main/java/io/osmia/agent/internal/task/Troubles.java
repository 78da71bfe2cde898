package io.osmia.agent.internal.task;

import io.osmia.wire.swarmkit.TaskStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What keeps a task from going on. Each trouble is said once: in the log, and where the task waits in its status too. */
final class Troubles {

    private static final Logger LOG = LoggerFactory.getLogger(Troubles.class);

    private final String id;
    private final Reports reports;
    private String last = "";
    private boolean complained;

    /** @param id id of the task */
    Troubles(String id, Reports reports) {
        this.id = id;
        this.reports = reports;
    }

    /** Says it in the log. */
    void log(String text) {
        if (!text.equals(last)) {
            last = text;
            LOG.warn("task {}: {}", id, text);
        }
    }

    /** Says it in the task's status, whose state stays as it is. */
    void complain(TaskStatus status, String text) {
        if (!text.equals(last)) {
            reports.report(id, status.toBuilder().setErr(text).build());
            complained = true;
        }
        log(text);
    }

    /** It is over, and a new status tells so. */
    void forget() {
        last = "";
        complained = false;
    }

    /** It is over: the status says so, if it complained. */
    void settle(TaskStatus status) {
        boolean said = complained;
        forget();
        if (said) {
            reports.report(id, status);
        }
    }
}
