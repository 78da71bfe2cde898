package io.osmia.control.listener;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.osmia.roles.Caller;
import io.osmia.roles.Credentials;
import io.osmia.roles.Handshakes;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Finds out once per connection who is at the other end. */
final class Callers extends ServerTransportFilter {

    static final Attributes.Key<Caller> CALLER = Attributes.Key.create("osmia-caller");

    /** What the peer showed; absent if it showed nothing. */
    static final Attributes.Key<X509Certificate> CERTIFICATE = Attributes.Key.create("osmia-certificate");

    private final @Nullable Caller fixed;
    private final Consumer<@Nullable SocketAddress> ready;

    private Callers(@Nullable Caller fixed, Consumer<@Nullable SocketAddress> ready) {
        this.fixed = fixed;
        this.ready = ready;
    }

    /**
     * On TCP the certificate tells; without one all parts are empty.
     *
     * @param handshakes told of each one that is finished
     */
    static Callers byCertificate(Handshakes handshakes) {
        return new Callers(null, handshakes::finished);
    }

    /**
     * On the local socket everybody is this manager (rule 0.9).
     *
     * @param address that other nodes know this manager by
     */
    static Callers thisManager(Credentials credentials, String address) {
        return new Callers(
                new Caller(credentials.nodeId(), credentials.role(), credentials.clusterId(), address, true),
                remote -> {});
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
        ready.accept(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        if (fixed != null) {
            return attributes.toBuilder().set(CALLER, fixed).build();
        }
        String address = address(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        X509Certificate certificate = certificate(attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
        if (certificate == null) {
            return attributes.toBuilder().set(CALLER, new Caller("", "", "", address, false)).build();
        }
        return attributes.toBuilder()
                .set(CALLER, remote(address, certificate))
                .set(CERTIFICATE, certificate)
                .build();
    }

    private static Caller remote(String address, X509Certificate certificate) {
        try {
            LdapName subject = new LdapName(certificate.getSubjectX500Principal().getName());
            return new Caller(part(subject, "CN"), part(subject, "OU"), part(subject, "O"), address, false);
        } catch (InvalidNameException e) {
            throw new IllegalStateException("a subject that was verified is well formed", e);
        }
    }

    private static @Nullable X509Certificate certificate(@Nullable SSLSession session) {
        if (session == null) {
            return null;
        }
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate own ? own : null;
        } catch (SSLPeerUnverifiedException withoutCertificate) {
            return null;
        }
    }

    private static String part(LdapName subject, String type) {
        for (Rdn rdn : subject.getRdns()) {
            if (rdn.getType().equalsIgnoreCase(type) && rdn.getValue() instanceof String value) {
                return value;
            }
        }
        return "";
    }

    private static String address(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress tcp ? Addresses.format(tcp) : "";
    }
}
