package io.osmia.dispatcher.internal;

/** Parts of addresses. */
final class Addresses {

    private Addresses() {}

    /** The host of {@code host:port} or {@code [v6]:port}; empty when there is no port to tell it from. */
    static String host(String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            return "";
        }
        String host = address.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
