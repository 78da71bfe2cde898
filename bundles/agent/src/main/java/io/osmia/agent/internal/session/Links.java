package io.osmia.agent.internal.session;

import io.grpc.Channel;
import io.osmia.roles.ManagerLink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of the session's connection, in order, and of the present one to a listener that comes later. */
final class Links {

    private static final Logger LOG = LoggerFactory.getLogger(Links.class);

    private final Executor oneByOne;
    private final List<ManagerLink> listeners = new CopyOnWriteArrayList<>();
    // On the executor only.
    private @Nullable Channel present;

    /** @param oneByOne runs what it is given one after the other */
    Links(Executor oneByOne) {
        this.oneByOne = oneByOne;
    }

    void add(ManagerLink listener) {
        later(() -> {
            listeners.add(listener);
            Channel known = present;
            if (known != null) {
                tell(listener, it -> it.up(known));
            }
        });
    }

    void remove(ManagerLink listener) {
        // Behind an addition that is still under way.
        later(() -> {
            Channel known = present;
            if (listeners.remove(listener) && known != null) {
                tell(listener, it -> it.down(known));
            }
        });
    }

    void up(Channel manager) {
        later(() -> {
            present = manager;
            listeners.forEach(listener -> tell(listener, it -> it.up(manager)));
        });
    }

    /** Of one that never was up nobody hears. */
    void down(Channel manager) {
        later(() -> {
            if (manager.equals(present)) {
                present = null;
                listeners.forEach(listener -> tell(listener, it -> it.down(manager)));
            }
        });
    }

    private void later(Runnable message) {
        try {
            oneByOne.execute(message);
        } catch (RejectedExecutionException e) {
            LOG.debug("the agent has ended, nobody hears of its connection any more");
        }
    }

    private static void tell(ManagerLink listener, Consumer<ManagerLink> message) {
        try {
            message.accept(listener);
        } catch (RuntimeException e) {
            // One that fails must not keep the others from hearing.
            LOG.error("{} failed on the connection to a manager", listener.getClass().getName(), e);
        }
    }
}
