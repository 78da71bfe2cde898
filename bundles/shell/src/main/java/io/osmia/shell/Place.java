package io.osmia.shell;

import java.nio.file.Path;

/** Where a manager is spoken to. */
public sealed interface Place {

    /**
     * On this machine. Who may open the socket may command the node.
     *
     * @param path the node's control socket
     * @param tls whether plaintext must not be tried
     */
    record Socket(Path path, boolean tls) implements Place {}

    /**
     * Over the network, by mutual TLS.
     *
     * @param address host:port of a manager's remote API
     * @param certificates folder with the certificate, the key and the root of a manager of the same cluster
     */
    record Remote(String address, Path certificates) implements Place {}
}
