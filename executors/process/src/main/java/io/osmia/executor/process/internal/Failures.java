package io.osmia.executor.process.internal;

import io.osmia.api.executor.ExecutorException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;

/** What a failure of the disk means to the caller. */
final class Failures {

    private Failures() {}

    /**
     * The temporary exception for it.
     *
     * @throws InterruptedException when it was none: an interruption closes the file that is being read or written
     */
    static ExecutorException of(String what, IOException cause) throws InterruptedException {
        if (cause instanceof ClosedByInterruptException || cause instanceof FileLockInterruptionException) {
            Thread.interrupted();
            InterruptedException interrupted = new InterruptedException(what);
            interrupted.initCause(cause);
            throw interrupted;
        }
        return new ExecutorException("osmia/host: " + what + ": " + cause.getMessage(), true, cause);
    }
}
