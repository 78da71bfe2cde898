package io.osmia.dispatcher.internal;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Serves {@code osmia.v1.Nodes} on the leader: what the dispatcher has heard of nodes. */
@Component(service = BindableService.class)
public final class EvidenceComponent implements BindableService {

    private final DispatcherComponent dispatcher;

    @Activate
    public EvidenceComponent(@Reference DispatcherComponent dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return dispatcher.evidence().bindService();
    }
}
