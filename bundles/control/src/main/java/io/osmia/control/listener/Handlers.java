package io.osmia.control.listener;

import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the handler of a call: what the listener itself offers, then what the registry has at this moment, then, for calls
 * that the leader takes, the way to it, then the always present front that answers for services whose implementation is
 * absent.
 */
final class Handlers extends HandlerRegistry {

    private final Reach reach;
    private final Services services;
    private final BuiltIn builtIn;
    private final Forwarding forwarding;
    private final Map<String, ServerServiceDefinition> fronts = new ConcurrentHashMap<>();

    Handlers(Reach reach, Services services, BuiltIn builtIn, Forwarding forwarding) {
        this.reach = reach;
        this.services = services;
        this.builtIn = builtIn;
        this.forwarding = forwarding;
    }

    @Override
    public @Nullable ServerMethodDefinition<?, ?> lookupMethod(String methodName, @Nullable String authority) {
        String serviceName = MethodDescriptor.extractFullServiceName(methodName);
        if (serviceName == null) {
            return null;
        }
        Optional<ServerMethodDefinition<?, ?>> own = builtIn.find(serviceName)
                .<ServerMethodDefinition<?, ?>>map(service -> service.getMethod(methodName))
                .or(() -> services.method(reach, serviceName, methodName));
        return KnownService.named(serviceName)
                .<ServerMethodDefinition<?, ?>>map(known -> routed(known, methodName, own))
                .orElse(own.orElse(null));
    }

    private @Nullable ServerMethodDefinition<?, ?> routed(
            KnownService known, String methodName, Optional<ServerMethodDefinition<?, ?>> own) {
        ServerMethodDefinition<?, ?> absent = front(known).getMethod(methodName);
        if (absent == null) {
            return own.orElse(null);
        }
        MethodDescriptor<?, ?> method = absent.getMethodDescriptor();
        return switch (known.route().apply(String.valueOf(method.getBareMethodName()))) {
            case HERE -> own.orElse(absent);
            case READ -> services.knowsCluster() ? own.map(this::read).orElse(absent) : absent;
            case LEADER -> own.map(forwarding::told).orElse(
                    forwarding.leaders().canForward() ? forwarding.handler(method) : absent);
        };
    }

    private ServerMethodDefinition<?, ?> read(ServerMethodDefinition<?, ?> method) {
        return LinearizableReads.of(method, services);
    }

    private ServerServiceDefinition front(KnownService known) {
        return fronts.computeIfAbsent(known.name(), name -> frontOf(known));
    }

    private static ServerServiceDefinition frontOf(KnownService known) {
        ServiceDescriptor descriptor = known.descriptor().get();
        ServerServiceDefinition.Builder front = ServerServiceDefinition.builder(descriptor);
        for (MethodDescriptor<?, ?> method : descriptor.getMethods()) {
            addAbsent(front, method, known.absent().apply(method));
        }
        return front.build();
    }

    private static <Q, A> void addAbsent(
            ServerServiceDefinition.Builder front, MethodDescriptor<Q, A> method, Status answer) {
        front.addMethod(method, (call, headers) -> {
            call.close(answer, new Metadata());
            return new ServerCall.Listener<>() {};
        });
    }

    /** All that can be called here, for reflection. */
    @Override
    public List<ServerServiceDefinition> getServices() {
        Map<String, ServerServiceDefinition> all = new LinkedHashMap<>();
        builtIn.all().forEach(service -> put(all, service));
        for (KnownService known : KnownService.ALL) { // first: what is offered of these may be a part of their methods
            put(all, front(known));
        }
        services.offers(reach).forEach(offer -> put(all, offer.definition()));
        return new ArrayList<>(all.values());
    }

    private static void put(Map<String, ServerServiceDefinition> all, ServerServiceDefinition service) {
        all.putIfAbsent(service.getServiceDescriptor().getName(), service);
    }
}
