package io.osmia.raft.internal;

/**
 * An address, host:port; an IPv6 host stands in brackets in the text.
 *
 * @param host without brackets; may be empty for any
 * @param port 0 to 65535
 */
public record HostPort(String host, int port) {

    /** @throws IllegalArgumentException when it is none */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon >= 0 && port >= 0 && port <= 0xFFFF) {
                return new HostPort(host, port);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no address of the form host:port", e);
        }
        throw new IllegalArgumentException("'" + text + "' is no address of the form host:port");
    }

    public HostPort withPort(int other) {
        return new HostPort(host, other);
    }

    public HostPort withHost(String other) {
        return new HostPort(other, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
