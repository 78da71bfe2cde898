package io.osmia.plugins.internal;

import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody who signed a jar.
 *
 * @param chain the signer's certificate and those that the jar carries above it, at least one
 */
record Signer(List<X509Certificate> chain) {

    private static final Logger LOG = LoggerFactory.getLogger(Signer.class);

    /** Purposes of a certificate (RFC 5280, 4.2.1.12). */
    private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";

    private static final String ANY_PURPOSE = "2.5.29.37.0";

    Signer {
        chain = List.copyOf(chain);
    }

    static Signer of(CodeSigner signer) {
        return new Signer(
                signer.getSignerCertPath().getCertificates().stream().map(X509Certificate.class::cast).toList());
    }

    /** Why the signer is not to be trusted, when these certificates are. */
    Optional<String> objection(Set<X509Certificate> trusted) {
        X509Certificate own = chain.getFirst();
        String who = "it is signed by " + own.getSubjectX500Principal().getName();
        // The validation of a path does not ask whether the one at its end has expired.
        Set<X509Certificate> current = trusted.stream().filter(Signer::isCurrent).collect(Collectors.toSet());
        if (current.contains(own)) {
            return Optional.empty();
        }
        try {
            validate(current);
            return maySignCode(own)
                    ? Optional.empty()
                    : Optional.of(who + ", whose certificate is not for signing code");
        } catch (GeneralSecurityException e) {
            LOG.debug("plugins: a signer is not trusted", e);
            return Optional.of(who + (isDate(e) || leadsTo(trusted)
                    ? ", but the certificate, or one that stands for it, has expired or is not valid yet"
                    : ", whom no certificate in " + Trust.PLACE + " stands for"));
        }
    }

    private static boolean isCurrent(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    private static boolean isDate(GeneralSecurityException e) {
        return e instanceof CertPathValidatorException invalid
                && (invalid.getReason() == BasicReason.EXPIRED || invalid.getReason() == BasicReason.NOT_YET_VALID);
    }

    private boolean leadsTo(Set<X509Certificate> anchors) {
        try {
            if (!anchors.contains(chain.getFirst())) {
                validate(anchors);
            }
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The chain ends at the nearest anchor, whatever the jar carries above it. */
    private void validate(Set<X509Certificate> anchors) throws GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(
                anchors.stream().map(anchor -> new TrustAnchor(anchor, null)).collect(Collectors.toSet()));
        parameters.setRevocationEnabled(false);
        List<X509Certificate> below = chain.stream().takeWhile(link -> !anchors.contains(link)).toList();
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(below), parameters);
    }

    private static boolean maySignCode(X509Certificate certificate) throws CertificateParsingException {
        @Nullable List<String> purposes = certificate.getExtendedKeyUsage();
        return purposes == null || purposes.contains(CODE_SIGNING) || purposes.contains(ANY_PURPOSE);
    }
}
