package io.osmia.ca.internal.server;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.osmia.roles.Clock;
import io.osmia.roles.Ids;
import io.osmia.roles.Leadership;
import io.osmia.roles.ManagerRole;
import io.osmia.store.Store;
import io.osmia.store.loop.StoreLoop;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Serves {@link NodeCaService} while this manager leads. */
@Component(service = BindableService.class)
public final class NodeCaComponent implements BindableService {

    private final NodeCaService service;
    private final StoreLoop loop;

    @Activate
    public NodeCaComponent(
            @Reference Leadership leadership,
            @Reference Store store,
            @Reference ManagerRole role,
            @Reference Clock clock,
            @Reference Ids ids) {
        StatusCalls calls = new StatusCalls(store);
        loop = new StoreLoop("node-certificates", store, clock, calls);
        service = new NodeCaService(
                store, leadership.term(), new Enrollment(role.clusterId(), ids), calls, loop::post);
        loop.start();
    }

    @Override
    public ServerServiceDefinition bindService() {
        return service.bindService();
    }

    @Deactivate
    void deactivate() {
        service.stop();
        loop.close();
    }
}
