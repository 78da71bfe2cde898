package io.osmia.control.listener;

import io.grpc.Metadata;
import io.osmia.roles.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The metadata that goes along with a call from one manager to another (rules 7.9.4 and 8.8.4). */
final class ForwardedHeaders {

    private static final Metadata.Key<String> FORWARDED = text("forwarded_cert");
    private static final Metadata.Key<String> NODE = text("forwarded_cert_cn");
    private static final Metadata.Key<String> ORGANIZATION = text("forwarded_cert_org");
    private static final Metadata.Key<String> ROLE = text("forwarded_cert_ou");
    private static final Metadata.Key<String> ADDRESS = text("remote_addr");
    private static final Metadata.Key<String> REDIRECT = text("redirect");

    /** Ours: the caller's certificate has ended. */
    private static final Metadata.Key<String> EXPIRED = text("osmia-forwarded-expired");

    private static final Set<String> OURS = Set.of(
            FORWARDED.name(), NODE.name(), ORGANIZATION.name(), ROLE.name(), ADDRESS.name(), REDIRECT.name(),
            EXPIRED.name());

    /** What belongs to one connection and not to the call; gRPC writes these anew. */
    private static final Set<String> OF_CONNECTION = Set.of("content-type", "te", "user-agent", "host", "connection");

    private static final String YES = "true";

    private ForwardedHeaders() {}

    private static Metadata.Key<String> text(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** What the next manager is sent: all that the caller sent, and who it is in the place of what it said of that. */
    static Metadata of(Metadata incoming, Caller caller) {
        Metadata outgoing = new Metadata();
        for (String name : incoming.keys()) {
            if (!OURS.contains(name) && !OF_CONNECTION.contains(name) && !name.startsWith("grpc-")) {
                copy(incoming, outgoing, name);
            }
        }
        outgoing.put(REDIRECT, caller.remoteAddress());
        if (!caller.local()) { // on the local socket everybody is this manager (rule 8.8.2)
            identify(outgoing, caller);
        }
        return outgoing;
    }

    private static void copy(Metadata from, Metadata to, String name) {
        if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
            copy(from, to, Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER));
        } else {
            copy(from, to, text(name));
        }
    }

    private static <T> void copy(Metadata from, Metadata to, Metadata.Key<T> key) {
        all(from, key).forEach(value -> to.put(key, value));
    }

    private static void identify(Metadata outgoing, Caller caller) {
        outgoing.put(FORWARDED, YES);
        outgoing.put(NODE, caller.nodeId());
        outgoing.put(ORGANIZATION, caller.organization());
        outgoing.put(ROLE, caller.role());
        outgoing.put(ADDRESS, caller.remoteAddress());
        if (caller.expired()) {
            outgoing.put(EXPIRED, YES);
        }
    }

    /** The addresses that passed the call on, as a Go program prints them; empty when none did. */
    static Optional<String> redirects(Metadata headers) {
        List<String> addresses = all(headers, REDIRECT);
        return addresses.isEmpty() ? Optional.empty() : Optional.of("[" + String.join(" ", addresses) + "]");
    }

    /** Whether the call says that it was passed on for somebody else. */
    static boolean claimed(Metadata headers) {
        return all(headers, FORWARDED).equals(List.of(YES));
    }

    /** Whom it says it was passed on for; every part may be empty. */
    static Caller claim(Metadata headers, Caller forwarder) {
        String role = all(headers, ROLE).stream().filter(unit -> !unit.isEmpty()).findFirst().orElse("");
        String address = last(headers, ADDRESS);
        return new Caller(
                last(headers, NODE),
                role,
                last(headers, ORGANIZATION),
                address.isEmpty() ? forwarder.remoteAddress() : address,
                false,
                YES.equals(headers.get(EXPIRED)),
                true);
    }

    private static String last(Metadata headers, Metadata.Key<String> key) {
        String value = headers.get(key);
        return value == null ? "" : value;
    }

    private static <T> List<T> all(Metadata headers, Metadata.Key<T> key) {
        @Nullable Iterable<T> values = headers.getAll(key);
        List<T> all = new ArrayList<>();
        if (values != null) {
            values.forEach(all::add);
        }
        return all;
    }
}
