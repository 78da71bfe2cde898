package io.osmia.ca.internal.client;

import io.osmia.ca.CaException;
import java.time.Duration;

/** Waits. */
@FunctionalInterface
public interface Pause {

    void sleep(Duration duration) throws InterruptedException;

    /** @throws CaException when the thread is interrupted; it stays so */
    default void of(Duration duration) {
        try {
            sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CaException("interrupted while waiting for the cluster's CA", e);
        }
    }
}
