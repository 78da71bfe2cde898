package io.osmia.control.listener;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What a listener offers by itself: health and reflection. Each is made by the first call, not at start. */
final class BuiltIn {

    private final Map<String, Supplier<BindableService>> makers;
    private final Map<String, ServerServiceDefinition> made = new ConcurrentHashMap<>();

    @SuppressWarnings("deprecation") // older tools ask for v1alpha only
    BuiltIn(Reach reach, Services services, Health.Standard standard) {
        makers = Map.of(
                io.osmia.wire.swarmkit.HealthGrpc.SERVICE_NAME, () -> new Health.OfManager(reach, services),
                HealthGrpc.SERVICE_NAME, standard::service,
                ServerReflectionGrpc.SERVICE_NAME, ProtoReflectionServiceV1::newInstance,
                io.grpc.reflection.v1alpha.ServerReflectionGrpc.SERVICE_NAME,
                io.grpc.protobuf.services.ProtoReflectionService::newInstance);
    }

    Optional<ServerServiceDefinition> find(String serviceName) {
        Supplier<BindableService> maker = makers.get(serviceName);
        if (maker == null) {
            return Optional.empty();
        }
        return Optional.of(
                made.computeIfAbsent(serviceName, name -> Readable.of(maker.get().bindService())));
    }

    List<ServerServiceDefinition> all() {
        return makers.keySet().stream()
                .sorted()
                .map(name -> find(name).orElseThrow())
                .toList();
    }
}
