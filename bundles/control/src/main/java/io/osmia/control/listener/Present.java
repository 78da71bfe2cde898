package io.osmia.control.listener;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A service that is there or not; another one may come before the former goes. Thread-safe. */
final class Present<S> {

    private volatile @Nullable S service;

    void comes(S next) {
        service = next;
    }

    /** Changes nothing when another one has come already. */
    synchronized void goes(S former) {
        if (service == former) {
            service = null;
        }
    }

    Optional<S> service() {
        return Optional.ofNullable(service);
    }
}
