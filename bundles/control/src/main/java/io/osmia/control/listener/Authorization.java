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
import io.osmia.roles.FormerManager;
import io.osmia.store.Table;
import io.osmia.wire.MethodRoles;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.Node;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
        Party peer = peer(call.getAttributes());
        boolean forwarded = !peer.caller().local() && ForwardedHeaders.claimed(headers);
        Party caller = forwarded ? party(ForwardedHeaders.claim(headers, peer.caller()), null) : peer;
        Optional<String> refusal = refusal(peer, caller, call.getMethodDescriptor());
        if (refusal.isPresent()) {
            call.close(Status.PERMISSION_DENIED.withDescription(refusal.get()), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(Context.current().withValue(Caller.KEY, caller.caller()), call, headers, next);
    }

    /**
     * Who calls, as the cluster sees it.
     *
     * @param former whether it was a manager and shows the certificate of that time; then its role is a worker's
     */
    private record Party(Caller caller, boolean former) {}

    private Party peer(Attributes attributes) {
        Caller peer = attributes.get(Callers.CALLER);
        if (peer == null) {
            throw new IllegalStateException("a connection without a caller");
        }
        X509Certificate certificate = attributes.get(Callers.CERTIFICATE);
        boolean ended = certificate != null
                && clock.now().isAfter(certificate.getNotAfter().toInstant());
        return party(ended ? ended(peer) : peer, certificate);
    }

    private Party party(Caller caller, @Nullable X509Certificate certificate) {
        boolean former = !caller.local()
                && caller.role().equals(Credentials.MANAGER_NAME)
                && caller.organization().equals(clusterId)
                && FormerManager.is(node(caller.nodeId()), certificate, services.membership());
        return new Party(former ? worker(caller) : caller, former);
    }

    private @Nullable Node node(String id) {
        return services.store().map(store -> store.view().get(Table.NODES, id)).orElse(null);
    }

    private static Caller worker(Caller caller) {
        return new Caller(
                caller.nodeId(),
                Credentials.WORKER_NAME,
                caller.organization(),
                caller.remoteAddress(),
                caller.local(),
                caller.expired(),
                caller.forwarded());
    }

    private static Caller ended(Caller peer) {
        return new Caller(
                peer.nodeId(), peer.role(), peer.organization(), peer.remoteAddress(), peer.local(), true, false);
    }

    /** @param caller the peer, or on whose behalf it says to call */
    private Optional<String> refusal(Party peer, Party caller, MethodDescriptor<?, ?> method) {
        if (peer.caller().local()) {
            return Optional.empty();
        }
        MethodRoles rule = rule(method);
        if (caller.caller().forwarded()) {
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
    private Optional<String> fault(Party party, List<String> roles) {
        Caller caller = party.caller();
        if (caller.nodeId().isEmpty() && caller.role().isEmpty()) {
            return Optional.of("no client certificates in request");
        }
        if (!roles.contains(caller.role())) {
            return Optional.of(
                    party.former() ? former(caller)
                            : "Permission denied: remote certificate not part of OUs: " + listed(roles));
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
    private Optional<String> forwardedFault(Party party, List<String> roles) {
        Caller caller = party.caller();
        if (caller.nodeId().isEmpty() || caller.organization().isEmpty() || caller.role().isEmpty()) {
            return Optional.of("Permission denied: missing information in forwarded request");
        }
        if (!roles.contains(caller.role())) {
            return Optional.of(
                    party.former() ? former(caller)
                            : "Permission denied: unauthorized forwarded role, expecting: " + listed(roles));
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

    private static String former(Caller caller) {
        return "Permission denied: node " + caller.nodeId()
                + " was demoted: its certificate still says manager, the cluster has it as a worker";
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
