package io.osmia.shell.internal.node;

import io.osmia.shell.internal.text.Summary;
import io.osmia.wire.swarmkit.Certificate;
import io.osmia.wire.swarmkit.IssuanceStatus;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of a node's certificate: how its issue stands, and the newest that was issued. */
final class CertificateSummary {

    private final IssuanceStatus status;
    private final @Nullable X509Certificate issued;

    private CertificateSummary(IssuanceStatus status, @Nullable X509Certificate issued) {
        this.status = status;
        this.issued = issued;
    }

    /** Empty for a node that never asked for one. */
    static Optional<CertificateSummary> of(Certificate certificate) {
        if (certificate.equals(Certificate.getDefaultInstance())) {
            return Optional.empty();
        }
        return Optional.of(new CertificateSummary(certificate.getStatus(), first(certificate)));
    }

    private static @Nullable X509Certificate first(Certificate certificate) {
        if (certificate.getCertificate().isEmpty()) {
            return null;
        }
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(certificate.getCertificate().newInput());
        } catch (CertificateException e) {
            return null; // nobody can read it; its state is told all the same
        }
    }

    void addTo(Summary summary, Instant now) {
        summary.line("Issuance", status.getState().name()).optional("Error", status.getErr().replace('\n', ' '));
        if (issued != null) {
            Instant end = issued.getNotAfter().toInstant();
            summary.line("Subject", issued.getSubjectX500Principal().getName())
                    .line("Issuer", issued.getIssuerX500Principal().getName())
                    .line("Expires", end + (end.isBefore(now) ? " (expired)" : ""));
        }
    }
}
