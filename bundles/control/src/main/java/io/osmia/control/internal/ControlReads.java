package io.osmia.control.internal;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.osmia.control.internal.calls.StoreAccess;
import io.osmia.roles.ManagerRole;
import io.osmia.roles.Membership;
import io.osmia.scheduler.PlacementRules;
import io.osmia.store.Store;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The calls of {@code docker.swarmkit.v1.Control} that change nothing, on every manager: answered from its own copy of the
 * state.
 */
@Component(service = BindableService.class)
public final class ControlReads implements BindableService {

    private final ControlReadCalls calls;

    /** @param manager only its presence counts */
    @Activate
    public ControlReads(
            @Reference ManagerRole manager,
            @Reference Membership membership,
            @Reference PlacementRules placement,
            @Reference Store store) {
        calls = new ControlReadCalls(StoreAccess.reading(store), membership, placement);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ControlMethods.reads(calls.bindService());
    }
}
