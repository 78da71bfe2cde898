package io.osmia.agent.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.Status;
import java.net.ConnectException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class SessionEndedExceptionTest {

    private static SessionEndedException session(Status status) {
        return new SessionEndedException("session", status);
    }

    @Test // rule 6.11.13
    void aCertificateThatIsNotTrustedIsToldFromOtherFailures() {
        SSLHandshakeException handshake = new SSLHandshakeException("(certificate_unknown) no issuer");
        handshake.initCause(new CertificateException("no issuer"));
        assertThat(session(Status.UNAVAILABLE.withCause(handshake)).distrust()).isEqualTo("no issuer");
        assertThat(session(Status.UNAVAILABLE.withCause(new SSLHandshakeException("alert bad_certificate"))).distrust())
                .isNull();
        assertThat(session(Status.UNAVAILABLE.withCause(new ConnectException("refused"))).distrust()).isNull();
        assertThat(session(Status.UNAVAILABLE).distrust()).isNull();
    }

    @Test // rule 7.9.2
    void aNodeThatWasRemovedIsToldFromOneThatIsRefusedOtherwise() {
        Status removed =
                Status.PERMISSION_DENIED.withDescription("Permission denied: unauthorized peer role: rpc error:"
                        + " code = PermissionDenied desc = Permission denied: node n was removed from swarm");
        assertThat(session(removed).removed()).isTrue();
        assertThat(session(Status.UNKNOWN.withDescription("node not found")).removed()).isTrue();
        assertThat(session(Status.PERMISSION_DENIED.withDescription("organization mismatch")).removed()).isFalse();
        assertThat(session(Status.NOT_FOUND.withDescription("node not registered")).removed()).isFalse();
    }
}
