package io.osmia.roles;

import io.grpc.ManagedChannel;

/**
 * Opens connections to other nodes' remote API with this node's certificate; the server must show a certificate of this
 * cluster. A renewed certificate is used by the next handshake.
 */
public interface Channels {

    /**
     * A new channel; the caller shuts it down.
     *
     * @param address host:port
     * @param serverName {@link Credentials#MANAGER_NAME} or {@link Credentials#CA_NAME}
     */
    ManagedChannel open(String address, String serverName);
}
