package io.osmia.control.listener;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.osmia.roles.Credentials;
import io.osmia.roles.TlsRules;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of a listener (rule 7.8). Made by the first connection that needs it. A renewed certificate is picked up
 * through the mutable managers of {@link Credentials}.
 */
final class Tls {

    /** Extensions that TLS servers of this JVM leave unread; it is looked at once, when the JDK's TLS is first used. */
    private static final String UNREAD_EXTENSIONS = "jdk.tls.server.disableExtensions";

    private static final String SERVER_NAME = "server_name";

    /** Session tickets after each handshake; looked at as the one above. */
    private static final String TICKETS = "jdk.tls.server.newSessionTicketCount";

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

    /**
     * Lets servers of this JVM hand out no session tickets, unless told otherwise. Nodes never resume a session, as each
     * handshake is to show and to check the newest certificates; every ticket and what is kept for it would be for nothing.
     */
    static void issueNoTickets() {
        if (System.getProperty(TICKETS) == null) {
            System.setProperty(TICKETS, "0");
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
                    .protocols(TlsRules.PROTOCOLS)
                    .ciphers(TlsRules.SUITES, SupportedCipherSuiteFilter.INSTANCE)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS of the gRPC servers cannot be set up", e);
        }
    }
}
