package io.osmia.executor.docker.internal;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the verbs of one container apart that must not overlap: it is started at most once, and not by a call that began
 * before it was stopped. Also remembers what is known of it, for those who may not ask the engine.
 */
final class Claims {

    private final Map<String, Claim> claims = new ConcurrentHashMap<>();

    Claim of(String container) {
        return claims.computeIfAbsent(container, name -> new Claim());
    }

    /** What is known of it; makes no claim of a container that nobody has. */
    Optional<Container> known(String container) {
        Claim claim = claims.get(container);
        return claim == null ? Optional.empty() : claim.known;
    }

    /** Whether what is known of it is how it is. */
    boolean fresh(String container) {
        Claim claim = claims.get(container);
        return claim != null && claim.known.isPresent() && !claim.stale;
    }

    /** Nothing is known any more of a container that is gone. */
    void forget(String container) {
        claims.remove(container);
    }

    /** Something happened to it: what is known is old. */
    void changed(String container) {
        Claim claim = claims.get(container);
        if (claim != null) {
            claim.stale = true;
        }
    }

    /** One container. */
    static final class Claim {

        final ReentrantLock starting = new ReentrantLock();

        /** How often it was stopped. */
        private volatile int stops;

        /** A start was sent and its answer never came: the engine may still be about to do it. */
        volatile boolean startInDoubt;

        private volatile Optional<Container> known = Optional.empty();
        private volatile boolean stale;

        int stops() {
            return stops;
        }

        synchronized void stopping() {
            stops++;
        }

        void know(Container container) {
            stale = false;
            known = Optional.of(container);
        }
    }
}
