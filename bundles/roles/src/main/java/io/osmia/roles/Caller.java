package io.osmia.roles;

import io.grpc.Context;

/**
 * Who makes a gRPC call. Put into the call's context by the listeners before any handler runs.
 *
 * @param nodeId common name of the certificate; this manager's id for calls on the local socket (rule 0.9)
 * @param role {@code swarm-manager}, {@code swarm-worker}, or empty without a certificate
 * @param organization cluster id of the certificate; empty without one
 * @param remoteAddress host:port of the peer
 * @param local whether the call came in on the local socket
 * @param expired whether the certificate has ended: then the caller may renew it and nothing else
 * @param forwarded whether another manager passed the call on; then the other parts are those of its caller
 */
public record Caller(
        String nodeId,
        String role,
        String organization,
        String remoteAddress,
        boolean local,
        boolean expired,
        boolean forwarded) {

    public Caller(String nodeId, String role, String organization, String remoteAddress, boolean local) {
        this(nodeId, role, organization, remoteAddress, local, false, false);
    }

    public static final Context.Key<Caller> KEY = Context.key("osmia-caller");

    /**
     * The caller of the current call.
     *
     * @throws IllegalStateException outside of a call
     */
    public static Caller current() {
        Caller caller = KEY.get();
        if (caller == null) {
            throw new IllegalStateException("no gRPC call on this thread");
        }
        return caller;
    }
}
