package io.osmia.ca.internal.client;

import io.osmia.ca.KeyFile;
import io.osmia.roles.Clock;
import io.osmia.roles.ManagerRole;
import io.osmia.store.Store;
import io.osmia.store.loop.StoreLoop;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Runs the {@link KeyFileKeeper} on every manager. */
@Component(service = {}, immediate = true)
public final class KeyFileKeeperComponent {

    private final StoreLoop loop;

    @Activate
    public KeyFileKeeperComponent(
            @Reference ManagerRole role, @Reference Store store, @Reference KeyFile keyFile, @Reference Clock clock) {
        loop = new StoreLoop("key-file", store, clock, new KeyFileKeeper(role.clusterId(), keyFile));
        loop.start();
    }

    @Deactivate
    void deactivate() {
        loop.close();
    }
}
