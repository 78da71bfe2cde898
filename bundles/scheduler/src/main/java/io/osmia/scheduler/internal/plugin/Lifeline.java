package io.osmia.scheduler.internal.plugin;

import java.io.Serial;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Ties an attempt to whoever waits for it. The attempt says when it enters and leaves a plugin; the waiter may cut it off
 * while it is inside of one. From then on the attempt changes nothing any more: it ends as soon as the plugin returns, and
 * what it shared with the waiter is the waiter's alone.
 */
public final class Lifeline {

    private static final long CUT = -1;

    /** Even between calls, odd during one, and never the same again. */
    private final AtomicLong step = new AtomicLong();

    private volatile @Nullable Installed<?> called;

    /** The attempt was given up. */
    private static final class CutOff extends RuntimeException {

        @Serial
        private static final long serialVersionUID = 1L;

        CutOff() {
            super("the attempt was given up");
        }
    }

    /** Before a call into the plugin. */
    public void enter(Installed<?> plugin) {
        called = plugin;
        advance();
    }

    /** After a call, however it ended. */
    public void leave() {
        advance();
    }

    private void advance() {
        long now = step.get();
        if (now == CUT || !step.compareAndSet(now, now + 1)) {
            throw new CutOff();
        }
    }

    /** Where the attempt is. */
    long step() {
        return step.get();
    }

    /** Cuts the attempt off if it is still in the very call that it was in; the plugin that holds it, else null. */
    @Nullable
    Installed<?> cut(long since) {
        boolean inside = since % 2 == 1;
        return inside && step.compareAndSet(since, CUT) ? called : null;
    }
}
