package io.osmia.node.internal;

/**
 * An address as users write it.
 *
 * @param host name or IP address; empty for all interfaces, an IPv6 address in brackets
 * @param port 0 to 65535
 */
record HostPort(String host, int port) {

    private static final int GREATEST = 65_535;

    /** @throws IllegalArgumentException when it is no host:port */
    static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon >= 0 && port >= 0 && port <= GREATEST) {
                return new HostPort(text.substring(0, colon), port);
            }
        } catch (NumberFormatException notANumber) {
            // Said below, with the whole address.
        }
        throw new IllegalArgumentException("'" + text + "' is not HOST:PORT");
    }

    /** The port after it; any free one stays any free one. */
    HostPort nextPort() {
        if (port == GREATEST) {
            throw new IllegalArgumentException(
                    "there is no port after that of " + this + " for raft; say --listen-raft-api");
        }
        return new HostPort(host, port == 0 ? 0 : port + 1);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
