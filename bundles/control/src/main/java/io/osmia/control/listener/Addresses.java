package io.osmia.control.listener;

import io.osmia.roles.HostPort;
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
        InetSocketAddress address = socketAddress(text);
        if (address.isUnresolved()) {
            throw new BindFailure("the remote API cannot listen on " + text + ": there is no host "
                    + address.getHostString() + "; give another address with --listen-remote-api HOST:PORT");
        }
        return address;
    }

    private static InetSocketAddress socketAddress(String text) throws BindFailure {
        try {
            HostPort parts = HostPort.parse(text);
            return parts.host().isEmpty()
                    ? new InetSocketAddress(parts.port())
                    : new InetSocketAddress(parts.host(), parts.port());
        } catch (IllegalArgumentException notAnAddress) {
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
        return new HostPort(host, port).toString();
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
