package io.osmia.agent.internal.session;

import io.osmia.roles.SessionNews;
import io.osmia.wire.swarmkit.SessionMessage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Passes every session message on, in order, and the last one to a listener that comes later. */
final class News {

    private final Listeners<SessionNews> listeners;
    // Within the listeners' steps only.
    private @Nullable SessionMessage last;

    /** @param oneByOne runs what it is given one after the other */
    News(Executor oneByOne) {
        this.listeners = new Listeners<>("a session message", oneByOne);
    }

    void add(SessionNews listener) {
        listeners.later(() -> {
            listeners.add(listener);
            SessionMessage known = last;
            if (known != null) {
                listeners.tell(listener, it -> it.heard(known));
            }
        });
    }

    void remove(SessionNews listener) {
        // Behind an addition that is still under way.
        listeners.later(() -> listeners.remove(listener));
    }

    void heard(SessionMessage message) {
        listeners.later(() -> {
            last = message;
            listeners.tell(it -> it.heard(message));
        });
    }
}
