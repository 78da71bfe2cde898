package io.osmia.control.listener;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.osmia.roles.Caller;
import io.osmia.roles.Credentials;
import io.osmia.store.Table;
import io.osmia.wire.MethodRoles;
import io.osmia.wire.swarmkit.Cluster;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the caller into the call's context and refuses what that caller may not do (rule 7.9.2). The local socket is
 * guarded by the permissions of its file instead (rule 7.9.5).
 */
final class Authorization implements ServerInterceptor {

    /** Services that are not ours and so carry no option: for managers, as SwarmKit's own health is. */
    private static final Set<String> FOREIGN = Set.of(
            HealthGrpc.SERVICE_NAME,
            ServerReflectionGrpc.SERVICE_NAME,
            io.grpc.reflection.v1alpha.ServerReflectionGrpc.SERVICE_NAME);

    private final Services services;
    private final String clusterId;

    Authorization(Services services, String clusterId) {
        this.services = services;
        this.clusterId = clusterId;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Caller caller = call.getAttributes().get(Callers.CALLER);
        if (caller == null) {
            throw new IllegalStateException("a connection without a caller");
        }
        Optional<String> refusal = refusal(caller, call.getMethodDescriptor());
        if (refusal.isPresent()) {
            call.close(Status.PERMISSION_DENIED.withDescription(refusal.get()), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(Context.current().withValue(Caller.KEY, caller), call, headers, next);
    }

    private Optional<String> refusal(Caller caller, MethodDescriptor<?, ?> method) {
        if (caller.local()) {
            return Optional.empty();
        }
        if (FOREIGN.contains(String.valueOf(method.getServiceName()))) {
            return refusal(caller, List.of(Credentials.MANAGER_NAME));
        }
        Optional<MethodRoles> option = MethodRoles.of(method.getFullMethodName());
        return option.map(MethodRoles::insecure).orElse(false)
                ? Optional.empty()
                : refusal(caller, option.map(MethodRoles::roles).orElse(List.of()));
    }

    /** @param roles that may call; without any nobody may */
    private Optional<String> refusal(Caller caller, List<String> roles) {
        return fault(caller, roles).map(Authorization::wrapped);
    }

    private Optional<String> fault(Caller caller, List<String> roles) {
        if (caller.nodeId().isEmpty() && caller.role().isEmpty()) {
            return Optional.of("no client certificates in request");
        }
        if (!roles.contains(caller.role())) {
            return Optional.of("Permission denied: remote certificate not part of OUs: [" + String.join(" ", roles)
                    + "]");
        }
        if (isBlacklisted(caller.nodeId())) {
            return Optional.of("Permission denied: node " + caller.nodeId() + " was removed from swarm");
        }
        if (!caller.organization().equals(clusterId)) {
            return Optional.of(
                    "Permission denied: remote certificate not part of organization: " + caller.organization());
        }
        return Optional.empty();
    }

    private boolean isBlacklisted(String nodeId) {
        return services.store()
                .map(store -> store.view().get(Table.CLUSTERS, clusterId))
                .map(Cluster::getBlacklistedCertificatesMap)
                .filter(blacklist -> blacklist.containsKey(nodeId))
                .isPresent();
    }

    /** As a Go server nests one gRPC error in another. */
    private static String wrapped(String inner) {
        return "Permission denied: unauthorized peer role: rpc error: code = PermissionDenied desc = " + inner;
    }
}
