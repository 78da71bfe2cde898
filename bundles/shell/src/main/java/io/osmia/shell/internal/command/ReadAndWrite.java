package io.osmia.shell.internal.command;

import io.grpc.StatusRuntimeException;
import io.osmia.shell.NotReachable;

/**
 * A change that only touches what the flags name, so that it is still meant when somebody else wrote between reading and
 * writing: then it is read again.
 */
public final class ReadAndWrite {

    private static final int TRIES = 5;
    private static final String CHANGED_MEANWHILE = "update out of sequence";

    /** Reads the object, changes it, writes it. */
    @FunctionalInterface
    public interface Attempt<T> {
        T make() throws NotReachable;
    }

    private ReadAndWrite() {}

    public static <T> T of(Attempt<T> attempt) throws NotReachable {
        for (int i = 1; i < TRIES; i++) {
            try {
                return attempt.make();
            } catch (StatusRuntimeException e) {
                if (!CHANGED_MEANWHILE.equals(e.getStatus().getDescription())) {
                    throw e;
                }
            }
        }
        return attempt.make();
    }
}
