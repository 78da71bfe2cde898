package io.osmia.agent.internal.session;

import io.osmia.roles.SessionNews;
import io.osmia.wire.swarmkit.SessionMessage;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes every session message on, in order, and the last one to a listener that comes later. */
final class News {

    private static final Logger LOG = LoggerFactory.getLogger(News.class);

    private final Executor oneByOne;
    private final List<SessionNews> listeners = new CopyOnWriteArrayList<>();
    // On the executor only.
    private @Nullable SessionMessage last;

    /** @param oneByOne runs what it is given one after the other */
    News(Executor oneByOne) {
        this.oneByOne = oneByOne;
    }

    void add(SessionNews listener) {
        later(() -> {
            listeners.add(listener);
            SessionMessage known = last;
            if (known != null) {
                tell(listener, known);
            }
        });
    }

    void remove(SessionNews listener) {
        // Behind an addition that is still under way.
        later(() -> listeners.remove(listener));
    }

    void heard(SessionMessage message) {
        later(() -> {
            last = message;
            listeners.forEach(listener -> tell(listener, message));
        });
    }

    private void later(Runnable message) {
        try {
            oneByOne.execute(message);
        } catch (RejectedExecutionException e) {
            LOG.debug("the agent has ended, nobody hears of it any more");
        }
    }

    private static void tell(SessionNews listener, SessionMessage message) {
        try {
            listener.heard(message);
        } catch (RuntimeException e) {
            // One that fails must not keep the others from hearing.
            LOG.error("{} failed on a session message", listener.getClass().getName(), e);
        }
    }
}
