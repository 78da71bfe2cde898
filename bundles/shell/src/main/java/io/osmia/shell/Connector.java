package io.osmia.shell;

import io.grpc.Channel;
import java.nio.file.Path;

/** How a command reaches a node. The command line opens a unix socket; a shell inside the node has no need to. */
@FunctionalInterface
public interface Connector {

    /**
     * Opens a channel that is ready for calls.
     *
     * @param socket the node's control socket
     * @param tls whether plaintext must not be tried
     * @throws NotReachable if nothing answers there
     */
    Channel connect(Path socket, boolean tls) throws NotReachable;
}
