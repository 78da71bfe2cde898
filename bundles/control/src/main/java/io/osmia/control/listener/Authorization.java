package io.osmia.control.listener;

import io.grpc.Attributes;
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
import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
import io.osmia.store.Table;
import io.osmia.wire.MethodRoles;
import io.osmia.wire.swarmkit.Cluster;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the caller into the call's context and refuses what that caller may not do (rule 7.9.2). The local socket is
 * guarded by the permissions of its file instead (rule 7.9.5).
 */
final class Authorization implements ServerInterceptor {

    private static final List<String> MANAGERS = List.of(Credentials.MANAGER_NAME);

    /** For a method of which nothing is written down. */
    private static final MethodRoles NOBODY = new MethodRoles(List.of(), false);

    /** Services that are not ours and so carry no option: for managers, as SwarmKit's own health is. */
    private static final Set<String> FOREIGN = Set.of(
            HealthGrpc.SERVICE_NAME,
            ServerReflectionGrpc.SERVICE_NAME,
            io.grpc.reflection.v1alpha.ServerReflectionGrpc.SERVICE_NAME);

    private final Services services;
    private final String clusterId;
    private final Clock clock;

    /** @param clock tells whether a certificate has ended while its connection stayed */
    Authorization(Services services, String clusterId, Clock clock) {
        this.services = services;
        this.clusterId = clusterId;
        this.clock = clock;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Caller peer = peer(call.getAttributes());
        boolean forwarded = !peer.local() && ForwardedHeaders.claimed(headers);
        Caller caller = forwarded ? ForwardedHeaders.claim(headers, peer) : peer;
        Optional<String> refusal = refusal(peer, caller, call.getMethodDescriptor());
        if (refusal.isPresent()) {
            call.close(Status.PERMISSION_DENIED.withDescription(refusal.get()), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(Context.current().withValue(Caller.KEY, caller), call, headers, next);
    }

    private Caller peer(Attributes attributes) {
        Caller peer = attributes.get(Callers.CALLER);
        if (peer == null) {
            throw new IllegalStateException("a connection without a caller");
        }
        Instant end = attributes.get(Callers.ENDS);
        return end != null && clock.now().isAfter(end) ? ended(peer) : peer;
    }

    private static Caller ended(Caller peer) {
        return new Caller(
                peer.nodeId(), peer.role(), peer.organization(), peer.remoteAddress(), peer.local(), true, false);
    }

    /** @param caller the peer, or on whose behalf it says to call */
    private Optional<String> refusal(Caller peer, Caller caller, MethodDescriptor<?, ?> method) {
        if (peer.local()) {
            return Optional.empty();
        }
        MethodRoles rule = rule(method);
        if (caller.forwarded()) {
            return fault(peer, MANAGERS)
                    .map(fault -> wrapped("unauthorized forwarder role", fault))
                    .or(() -> rule.insecure() ? Optional.empty() : forwardedFault(caller, rule.roles()));
        }
        return rule.insecure()
                ? Optional.empty()
                : fault(caller, rule.roles()).map(fault -> wrapped("unauthorized peer role", fault));
    }

    private static MethodRoles rule(MethodDescriptor<?, ?> method) {
        return FOREIGN.contains(String.valueOf(method.getServiceName()))
                ? new MethodRoles(MANAGERS, false)
                : MethodRoles.of(method.getFullMethodName()).orElse(NOBODY);
    }

    /** Rule 7.9.2. */
    private Optional<String> fault(Caller caller, List<String> roles) {
        if (caller.nodeId().isEmpty() && caller.role().isEmpty()) {
            return Optional.of("no client certificates in request");
        }
        if (!roles.contains(caller.role())) {
            return Optional.of("Permission denied: remote certificate not part of OUs: " + listed(roles));
        }
        if (isBlacklisted(caller.nodeId())) {
            return Optional.of(removed(caller));
        }
        if (!caller.organization().equals(clusterId)) {
            return Optional.of(
                    "Permission denied: remote certificate not part of organization: " + caller.organization());
        }
        return caller.expired() ? Optional.of(expired(caller)) : Optional.empty();
    }

    /** Rule 7.9.3; the list of removed nodes holds here too (section 12.6). */
    private Optional<String> forwardedFault(Caller caller, List<String> roles) {
        if (caller.nodeId().isEmpty() || caller.organization().isEmpty() || caller.role().isEmpty()) {
            return Optional.of("Permission denied: missing information in forwarded request");
        }
        if (!roles.contains(caller.role())) {
            return Optional.of("Permission denied: unauthorized forwarded role, expecting: " + listed(roles));
        }
        if (isBlacklisted(caller.nodeId())) {
            return Optional.of(removed(caller));
        }
        if (!caller.organization().equals(clusterId)) {
            return Optional.of("Permission denied: organization mismatch, expecting: " + clusterId);
        }
        return caller.expired() ? Optional.of(expired(caller)) : Optional.empty();
    }

    private static String removed(Caller caller) {
        return "Permission denied: node " + caller.nodeId() + " was removed from swarm";
    }

    private static String expired(Caller caller) {
        return "Permission denied: the certificate of node " + caller.nodeId()
                + " has expired: it can be renewed, and nothing else";
    }

    /** As a Go program prints a list. */
    private static String listed(List<String> roles) {
        return "[" + String.join(" ", roles) + "]";
    }

    private boolean isBlacklisted(String nodeId) {
        return services.store()
                .map(store -> store.view().get(Table.CLUSTERS, clusterId))
                .map(Cluster::getBlacklistedCertificatesMap)
                .filter(blacklist -> blacklist.containsKey(nodeId))
                .isPresent();
    }

    /** As a Go server nests one gRPC error in another. */
    private static String wrapped(String what, String inner) {
        return "Permission denied: " + what + ": rpc error: code = PermissionDenied desc = " + inner;
    }
}
