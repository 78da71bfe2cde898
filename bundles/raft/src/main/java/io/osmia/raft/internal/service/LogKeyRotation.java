package io.osmia.raft.internal.service;

import io.osmia.raft.StateCopy;
import io.osmia.roles.Channels;
import io.osmia.roles.Clock;
import io.osmia.roles.Leadership;
import io.osmia.roles.LogKeys;
import io.osmia.roles.ManagerRole;
import io.osmia.roles.Membership;
import io.osmia.store.Store;
import io.osmia.store.loop.StoreLoop;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Changes the log key when the unlock key does, on the leader (rule 7.12.5), and makes the first one when the managers are
 * several and seal what was in clear text so far.
 */
@Component(service = {}, immediate = true)
public final class LogKeyRotation {

    private final StoreLoop loop;

    @Activate
    public LogKeyRotation(
            @Reference Leadership leadership,
            @Reference Store store,
            @Reference Clock clock,
            @Reference LogKeys keys,
            @Reference Membership membership,
            @Reference Channels channels,
            @Reference StateCopy copy,
            @Reference ManagerRole role) {
        NewLogKey change = new NewLogKey(keys, membership, channels, role.nodeId());
        loop = new StoreLoop(
                "log-key-rotation",
                store,
                clock,
                new FirstLogKey(
                        () -> copy.seals() && keys.current() == LogKeys.NOT_SEALED,
                        () -> change.make(leadership.term()),
                        new UnlockKeyWatch(role.clusterId(), note -> {
                            if (keys.current() != LogKeys.NOT_SEALED) {
                                change.make(leadership.term());
                                store.update(leadership.term(), note);
                            }
                        })));
        loop.start();
    }

    @Deactivate
    public void stop() {
        loop.close();
    }
}
