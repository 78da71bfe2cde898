package io.osmia.agent.internal.task;

import java.io.Serial;

/** A call of an executor was interrupted, or not begun, because something else is wanted by now. */
class CancelledException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;
}
