package io.osmia.control.listener;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.osmia.roles.Caller;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The handlers of calls that this manager, at one of its listeners, passes on to the leader (rule 8.8). */
final class Forwarding {

    private final Reach reach;
    private final Services services;
    private final Leaders leaders;
    private final Map<String, ServerMethodDefinition<byte[], byte[]>> handlers = new ConcurrentHashMap<>();

    Forwarding(Reach reach, Services services, Leaders leaders) {
        this.reach = reach;
        this.services = services;
        this.leaders = leaders;
    }

    Services services() {
        return services;
    }

    Leaders leaders() {
        return leaders;
    }

    ServerMethodDefinition<byte[], byte[]> handler(MethodDescriptor<?, ?> method) {
        return handlers.computeIfAbsent(
                method.getFullMethodName(), name -> ServerMethodDefinition.create(Bytes.of(method), this::start));
    }

    private ServerCall.Listener<byte[]> start(ServerCall<byte[], byte[]> call, Metadata headers) {
        return call.getMethodDescriptor().getType() == MethodType.UNARY
                ? new UnaryForward(this, call, headers)
                : stream(call, headers);
    }

    private ServerCall.Listener<byte[]> stream(ServerCall<byte[], byte[]> call, Metadata headers) {
        MethodDescriptor<byte[], byte[]> method = call.getMethodDescriptor();
        return switch (target(method, headers, Optional.empty(), leaders.patience())) {
            case Leaders.Here here -> LocalCall.start(here.method(), call, headers);
            case Leaders.There there -> StreamForward.start(
                    call,
                    there.call(method, CallOptions.DEFAULT),
                    ForwardedHeaders.of(headers, Caller.current()));
            case Leaders.Nobody nobody -> {
                call.close(nobody.status(), new Metadata());
                yield new ServerCall.Listener<>() {};
            }
        };
    }

    /** Who answers, with the version of its store when it is this manager. */
    Leaders.Target target(
            MethodDescriptor<?, ?> method,
            Metadata headers,
            Optional<Leaders.Unreachable> unreachable,
            Leaders.Patience patience) {
        Leaders.Target target =
                leaders.await(reach, method, ForwardedHeaders.redirects(headers), unreachable, patience);
        return target instanceof Leaders.Here here ? new Leaders.Here(told(here.method())) : target;
    }

    /** A method of the leader's own, saying the version of its store. */
    ServerMethodDefinition<?, ?> told(ServerMethodDefinition<?, ?> method) {
        return services.store()
                .<ServerMethodDefinition<?, ?>>map(
                        store -> StoreVersions.told(method, () -> store.view().version()))
                .orElse(method);
    }
}
