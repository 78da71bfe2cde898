package io.osmia.control.listener;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.Optional;

/** host:port texts. */
final class Addresses {

    private static final String LOOPBACK = "127.0.0.1";

    private Addresses() {}

    /** Reads {@code HOST:PORT}; an IPv6 host stands in brackets. An empty host means all addresses. */
    static InetSocketAddress parse(String text) throws BindFailure {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw malformed(text);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            String host = text.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
            InetSocketAddress address =
                    host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw new BindFailure("the remote API cannot listen on " + text + ": there is no host " + host
                        + "; give another address with --listen-remote-api HOST:PORT");
            }
            return address;
        } catch (IllegalArgumentException noPort) {
            throw malformed(text);
        }
    }

    private static BindFailure malformed(String text) {
        return new BindFailure("the address of the remote API must be HOST:PORT, not " + text
                + "; correct it with --listen-remote-api HOST:PORT");
    }

    static String format(InetSocketAddress address) {
        return format(address.getAddress().getHostAddress(), address.getPort());
    }

    private static String format(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** How this node reaches what it has bound. */
    static String self(InetSocketAddress bound) {
        return bound.getAddress().isAnyLocalAddress() ? format(LOOPBACK, bound.getPort()) : format(bound);
    }

    /**
     * How other nodes reach what this node has bound: as configured, else the address itself, else the first one of
     * this machine that is not loopback.
     *
     * @param advertise host:port, port 0 or none for the bound one; empty when not configured
     */
    static String advertised(String advertise, InetSocketAddress bound) throws IOException {
        if (!advertise.isEmpty()) {
            int colon = advertise.lastIndexOf(':');
            boolean bare = colon < 0 || advertise.endsWith("]");
            String host = bare ? advertise : advertise.substring(0, colon);
            boolean portIsOpen = bare || advertise.substring(colon).equals(":0");
            return portIsOpen ? host + ":" + bound.getPort() : advertise;
        }
        return bound.getAddress().isAnyLocalAddress() ? format(own(), bound.getPort()) : format(bound);
    }

    private static String own() throws SocketException {
        Optional<InetAddress> found = NetworkInterface.networkInterfaces()
                .filter(Addresses::isUsable)
                .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLinkLocalAddress())
                .findFirst();
        return found.map(InetAddress::getHostAddress).orElse(LOOPBACK);
    }

    private static boolean isUsable(NetworkInterface network) {
        try {
            return network.isUp() && !network.isLoopback() && !network.isPointToPoint();
        } catch (SocketException gone) {
            return false;
        }
    }
}
