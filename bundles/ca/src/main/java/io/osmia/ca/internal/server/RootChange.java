package io.osmia.ca.internal.server;

import com.google.protobuf.ByteString;
import io.osmia.ca.CaException;
import io.osmia.ca.CaRefusedException;
import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Certificates;
import io.osmia.wire.swarmkit.CAConfig;
import io.osmia.wire.swarmkit.RootCA;
import io.osmia.wire.swarmkit.RootRotation;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/**
 * What a wanted CA configuration makes of the current root (rules 7.10.2 to 7.10.5). Certificates that differ in PEM headers
 * or white space only are the same.
 */
public final class RootChange {

    private static final String NO_EXTERNAL_CA =
            "there must be at least one valid, reachable external CA corresponding to the ";

    private final RootCA current;
    private final CAConfig wanted;
    private final ExternalCas external;
    private final Instant now;
    private final ByteString currentCert;
    private final ByteString wantedCert;

    private RootChange(RootCA current, CAConfig wanted, ExternalCas external, Instant now) {
        this.current = current;
        this.wanted = wanted;
        this.external = external;
        this.now = now;
        this.currentCert = ExternalUrls.normal(current.getCaCert());
        this.wantedCert = ExternalUrls.normal(wanted.getSigningCaCert());
    }

    /** @throws CaRefusedException when it cannot be done */
    public static RootCA next(RootCA current, CAConfig wanted, ExternalCas external, Instant now) {
        return new RootChange(current, wanted, external, now).next();
    }

    private RootCA next() {
        boolean keyGiven = !wanted.getSigningCaKey().isEmpty();
        if (keyGiven && wanted.getSigningCaCert().isEmpty()) {
            throw new CaRefusedException(
                    "if a signing CA key is provided, the signing CA cert must also be provided");
        }
        if (current.getCaKey().isEmpty()) {
            if (keyGiven && wantedCert.equals(currentCert)) {
                parse(wanted.getSigningCaCert(), wanted.getSigningCaKey());
                return withKeyOfCurrent();
            }
            requireExternal(current.getCaCert(), "current CA certificate");
        }
        return wanted.getSigningCaCert().isEmpty() ? withoutDesired() : withDesired();
    }

    private RootCA withoutDesired() {
        if (wanted.getForceRotate() != current.getLastForcedRotation()) {
            return rotate(RootCa.create(now));
        }
        RootRotation rotation = current.getRootRotation();
        if (current.hasRootRotation() && rotation.getCaKey().isEmpty()) {
            requireExternal(rotation.getCaCert(), "next CA certificate");
        }
        return current;
    }

    private RootCA withDesired() {
        RootCa desired = desired();
        if (wantedCert.equals(currentCert)) {
            return withKeyOfCurrent();
        }
        if (hasKeyOfCurrent(desired)) {
            throw new CaRefusedException("Cannot update to a cert with an identical key");
        }
        RootRotation rotation = current.getRootRotation();
        if (current.hasRootRotation() && ExternalUrls.normal(rotation.getCaCert()).equals(wantedCert)) {
            return changed()
                    .setRootRotation(rotation.toBuilder().setCaKey(wanted.getSigningCaKey()))
                    .build();
        }
        return rotate(desired);
    }

    private RootCa desired() {
        RootCa desired = parse(wantedCert.isEmpty() ? wanted.getSigningCaCert() : wantedCert, wanted.getSigningCaKey());
        if (desired.certificates().size() != 1) {
            throw new CaRefusedException("the desired CA certificate cannot contain multiple certificates");
        }
        Instant inAYear = now.atOffset(ZoneOffset.UTC).plusYears(1).toInstant();
        if (desired.certificates().getFirst().getNotAfter().toInstant().isBefore(inAYear)) {
            throw new CaRefusedException("CA certificate expires too soon");
        }
        if (!desired.canSign()) {
            requireExternal(wantedCert, "desired CA certificate");
        }
        return desired;
    }

    private static RootCa parse(ByteString cert, ByteString key) {
        try {
            return key.isEmpty()
                    ? RootCa.trusting(cert.toByteArray())
                    : RootCa.signing(cert.toByteArray(), key.toByteArray());
        } catch (CaException invalid) {
            throw new CaRefusedException(invalid.getMessage());
        }
    }

    /** Also when the key itself is not known here: nodes tell roots apart by it. */
    private boolean hasKeyOfCurrent(RootCa desired) {
        return RootCa.trusting(current.getCaCert().toByteArray())
                .certificates()
                .getFirst()
                .getPublicKey()
                .equals(desired.certificates().getFirst().getPublicKey());
    }

    private RootCA.Builder changed() {
        return current.toBuilder().setLastForcedRotation(wanted.getForceRotate());
    }

    private RootCA withKeyOfCurrent() {
        return changed().setCaKey(wanted.getSigningCaKey()).clearRootRotation().build();
    }

    private RootCA rotate(RootCa next) {
        return changed()
                .setRootRotation(RootRotation.newBuilder()
                        .setCaCert(ByteString.copyFrom(next.certificatePem()))
                        .setCaKey(ByteString.copyFrom(next.keyPem()))
                        .setCrossSignedCaCert(crossSigned(next)))
                .build();
    }

    private ByteString crossSigned(RootCa next) {
        boolean local = !current.getCaKey().isEmpty();
        if (!local && !next.canSign()) {
            throw new CaRefusedException("rotating from one external CA to a different external CA is not supported");
        }
        List<String> urls = urls(current.getCaCert());
        if (!local && urls.isEmpty()) {
            throw new CaRefusedException("must provide an external CA for the current external root CA to generate a"
                    + " cross-signed certificate");
        }
        try {
            return local
                    ? ByteString.copyFrom(
                            RootCa.signing(current.getCaCert().toByteArray(), current.getCaKey().toByteArray())
                                    .crossSign(next))
                    : checked(external.crossSign(urls, current.getCaCert(), next), next);
        } catch (CaException failed) {
            throw CaRefusedException.internal(
                    "unable to generate a cross-signed certificate for root rotation", failed);
        }
    }

    /** A stranger's certificate that is not what it should be would cut the cluster in two later. */
    private ByteString checked(ByteString crossSigned, RootCa next) {
        X509Certificate certificate =
                Certificates.parse(crossSigned.toByteArray()).getFirst();
        boolean byCurrent = Certificates.parse(current.getCaCert().toByteArray()).stream()
                .anyMatch(root -> Certificates.isSignedBy(certificate, root));
        if (!byCurrent
                || certificate.getBasicConstraints() < 0
                || !certificate.getPublicKey().equals(next.certificates().getFirst().getPublicKey())) {
            throw new CaException("the external CA did not certify the next root with the current one");
        }
        return crossSigned;
    }

    private void requireExternal(ByteString root, String which) {
        if (urls(root).stream().noneMatch(url -> external.reachable(url, root))) {
            throw new CaRefusedException(NO_EXTERNAL_CA + which);
        }
    }

    private List<String> urls(ByteString root) {
        return ExternalUrls.of(wanted.getExternalCasList(), root, current.getCaCert());
    }
}
