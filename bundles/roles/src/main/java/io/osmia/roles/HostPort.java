package io.osmia.roles;

import org.jspecify.annotations.Nullable;

/**
 * An address as users write it, HOST:PORT; an IPv6 host stands in brackets in the text. Nothing is looked up.
 *
 * @param host name or IP address without brackets; empty for all interfaces
 * @param port 0 to 65535; 0 for any free one
 */
public record HostPort(String host, int port) {

    public static final int GREATEST_PORT = 65_535;

    /** @throws IllegalArgumentException {@code 'x' is not HOST:PORT} */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon >= 0) {
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (port >= 0 && port <= GREATEST_PORT) {
                    return new HostPort(withoutBrackets(text.substring(0, colon)), port);
                }
            } catch (NumberFormatException e) {
                throw malformed(text, e);
            }
        }
        throw malformed(text, null);
    }

    private static IllegalArgumentException malformed(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException("'" + text + "' is not HOST:PORT", cause);
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    public HostPort withHost(String other) {
        return new HostPort(other, port);
    }

    public HostPort withPort(int other) {
        return new HostPort(host, other);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
