package io.osmia.agent.internal.session;

import io.grpc.Channel;
import io.osmia.roles.ManagerLink;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Tells of the session's connection, in order, and of the present one to a listener that comes later. */
final class Links {

    private final Listeners<ManagerLink> listeners;
    // Within the listeners' steps only.
    private @Nullable Channel present;

    /** @param oneByOne runs what it is given one after the other */
    Links(Executor oneByOne) {
        this.listeners = new Listeners<>("the connection to a manager", oneByOne);
    }

    void add(ManagerLink listener) {
        listeners.later(() -> {
            listeners.add(listener);
            Channel known = present;
            if (known != null) {
                listeners.tell(listener, it -> it.up(known));
            }
        });
    }

    void remove(ManagerLink listener) {
        // Behind an addition that is still under way.
        listeners.later(() -> {
            Channel known = present;
            if (listeners.remove(listener) && known != null) {
                listeners.tell(listener, it -> it.down(known));
            }
        });
    }

    void up(Channel manager) {
        listeners.later(() -> {
            present = manager;
            listeners.tell(it -> it.up(manager));
        });
    }

    /** Of one that never was up nobody hears. */
    void down(Channel manager) {
        listeners.later(() -> {
            if (manager.equals(present)) {
                present = null;
                listeners.tell(it -> it.down(manager));
            }
        });
    }
}
