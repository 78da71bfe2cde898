package io.osmia.allocator.internal;

import io.osmia.wire.swarmkit.Endpoint;
import io.osmia.wire.swarmkit.Service;

/** The endpoint of a service follows its spec (rule 5.3.1). Ports and virtual addresses have their place in here. */
final class ServiceEndpoints {

    private ServiceEndpoints() {}

    /** Whether the service has the endpoint that its spec asks for. */
    static boolean allocated(Service service) {
        return service.getSpec().hasEndpoint()
                ? service.hasEndpoint() && service.getEndpoint().getSpec().equals(service.getSpec().getEndpoint())
                : !service.hasEndpoint();
    }

    /** The service with the endpoint that its spec asks for. */
    static Service allocate(Service service) {
        if (!service.getSpec().hasEndpoint()) {
            return service.toBuilder().clearEndpoint().build();
        }
        Endpoint endpoint = service.getEndpoint().toBuilder()
                .setSpec(service.getSpec().getEndpoint())
                .build();
        return service.toBuilder().setEndpoint(endpoint).build();
    }
}
