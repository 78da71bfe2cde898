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
 */
public record Caller(String nodeId, String role, String organization, String remoteAddress, boolean local) {

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
