package io.osmia.agent.internal.session;

import io.grpc.ManagedChannel;

/** Opens connections to managers. */
@FunctionalInterface
public interface Channels {

    /** @param address host:port of a manager's remote API */
    ManagedChannel open(String address);
}
