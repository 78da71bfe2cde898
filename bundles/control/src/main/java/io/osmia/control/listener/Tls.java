package io.osmia.control.listener;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.osmia.roles.Credentials;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of a listener (rule 7.8). Made by the first connection that needs it. A renewed certificate is picked up
 * through the mutable managers of {@link Credentials}.
 */
final class Tls {

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private static final List<String> SUITES = List.of(
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** Extensions that TLS servers of this JVM leave unread; it is looked at once, when the JDK's TLS is first used. */
    private static final String UNREAD_EXTENSIONS = "jdk.tls.server.disableExtensions";

    private static final String SERVER_NAME = "server_name";

    private final Credentials credentials;
    private final ClientAuth clientAuth;
    private @Nullable SslContext context; // guarded by this

    /** @param reach on TCP a client certificate is asked for, and verified if given (rule 7.8.2); locally it is not */
    Tls(Credentials credentials, Reach reach) {
        this.credentials = credentials;
        this.clientAuth = reach == Reach.REMOTE ? ClientAuth.OPTIONAL : ClientAuth.NONE;
    }

    /**
     * Lets servers of this JVM overlook the server name that clients send. Go clients put the escaped path of a unix
     * socket there (rule 10.1.2), which the JDK refuses as no host name. Nothing is lost: each node has one
     * certificate for all names.
     */
    static void overlookServerNames() {
        String unread = System.getProperty(UNREAD_EXTENSIONS, "");
        if (!List.of(unread.split(",")).contains(SERVER_NAME)) {
            System.setProperty(UNREAD_EXTENSIONS, unread.isEmpty() ? SERVER_NAME : unread + "," + SERVER_NAME);
        }
    }

    synchronized SslContext context() {
        SslContext made = context;
        if (made == null) {
            made = make();
            context = made;
        }
        return made;
    }

    private SslContext make() {
        try {
            return GrpcSslContexts.configure(SslContextBuilder.forServer(credentials.keyManager()), SslProvider.JDK)
                    .trustManager(credentials.renewalTrustManager())
                    .clientAuth(clientAuth)
                    .protocols(PROTOCOLS)
                    .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS of the gRPC servers cannot be set up", e);
        }
    }
}
