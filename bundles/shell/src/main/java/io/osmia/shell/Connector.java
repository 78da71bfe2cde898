package io.osmia.shell;

import io.grpc.Channel;

/** How a command reaches a node. The command line opens a connection; a shell inside the node has no need to. */
@FunctionalInterface
public interface Connector {

    /**
     * Opens a channel that is ready for calls.
     *
     * @throws NotReachable if nothing answers there, or does not let this user in
     */
    Channel connect(Place place) throws NotReachable;
}
