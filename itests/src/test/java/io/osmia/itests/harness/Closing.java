package io.osmia.itests.harness;

import java.util.Collection;

/** The end of what a test has opened: one thing that does not close keeps no other from it. */
public final class Closing {

    private Closing() {}

    /** Closes all, in this order; fails in the end if any did, with what each of those failed with. */
    public static void all(Collection<? extends AutoCloseable> open) {
        AssertionError failure = new AssertionError("not everything could be closed");
        open.forEach(one -> after(failure, one));
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }

    /** Closes what was opened before something failed. It is that failure that is told of. */
    public static void after(Throwable failure, AutoCloseable open) {
        try {
            open.close();
        } catch (Exception | Error e) {
            failure.addSuppressed(e);
        }
    }
}
