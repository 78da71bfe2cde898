package io.osmia.store.loop;

import org.jspecify.annotations.Nullable;

/**
 * A condition that lasts, such as a full disk: said when it begins or its reason changes, counted meanwhile. Used by one
 * thread.
 */
public final class Trouble {

    private @Nullable String reason;
    private long times;

    /** It was met once more; whether that is worth a line in the log. */
    public boolean begins(String why) {
        times++;
        boolean changed = !why.equals(reason);
        reason = why;
        return changed;
    }

    /** It is over; how often it was met, 0 when there was none. */
    public long ends() {
        long met = times;
        reason = null;
        times = 0;
        return met;
    }
}
