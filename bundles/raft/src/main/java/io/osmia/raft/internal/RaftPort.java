package io.osmia.raft.internal;

import io.osmia.raft.RaftConfig;
import io.osmia.roles.Credentials;
import io.osmia.roles.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Where a manager listens for other members, and where they reach it. */
final class RaftPort {

    private final RaftConfig config;

    /* Only on the keeper's thread, and before it starts. */
    private int port;

    /** Empty while there is none. */
    private volatile String address = "";

    RaftPort(RaftConfig config) {
        this.config = config;
    }

    /** The port of the last run; 0 when it is not known. */
    void was(int former) {
        port = former;
    }

    /**
     * What the next opening is to be opened with.
     *
     * @param sole whether there are no others as yet
     */
    RatisServer.Transport transport(boolean sole) throws IOException {
        Credentials credentials = config.credentials();
        if (credentials == null) {
            throw new IOException("without a certificate a manager stays alone");
        }
        HostPort listen = HostPort.parse(config.addresses().listenRaft());
        return new RatisServer.Transport(
                listen.port() == 0 ? listen.withPort(freeOr(port)) : listen, credentials, sole);
    }

    /** With any port allowed, the same as last time is best: the others know it. */
    private static int freeOr(int wanted) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(wanted));
            return wanted;
        } catch (IOException e) {
            return 0;
        }
    }

    void opened(RatisServer server) {
        port = server.alone() ? port : server.port();
        address = server.alone() ? "" : reachedAt(port);
    }

    private String reachedAt(int bound) {
        String advertised = config.addresses().advertiseRaft();
        HostPort at = advertised.isEmpty()
                ? HostPort.parse(config.addresses().api()).withPort(bound)
                : HostPort.parse(advertised);
        return (at.port() == 0 ? at.withPort(bound) : at).toString();
    }

    /** Host and port where other members reach this one; empty while it has no port. */
    String address() {
        return address;
    }
}
