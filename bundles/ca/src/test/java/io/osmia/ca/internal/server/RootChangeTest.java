package io.osmia.ca.internal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.osmia.ca.CaException;
import io.osmia.ca.CaRefusedException;
import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Certificates;
import io.osmia.wire.swarmkit.CAConfig;
import io.osmia.wire.swarmkit.ExternalCA;
import io.osmia.wire.swarmkit.RootCA;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 7.10.1 to 7.10.5 and 7.10.8. */
class RootChangeTest {

    private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");
    private static final RootCa ROOT = Roots.ecdsa(NOW);
    private static final RootCa OTHER = Roots.rsa(NOW);
    private static final RootCa THIRD = Roots.ecdsa(NOW);
    private static final String URL = "https://192.0.2.1/sign";

    private static final String NONE = "there must be at least one valid, reachable external CA corresponding to the ";

    private final FakeExternalCas external = new FakeExternalCas();

    /** Knows which URLs answer, and signs with a root when it is given one. */
    private static final class FakeExternalCas implements ExternalCas {

        private final Set<String> reachable = new HashSet<>();
        private final List<String> asked = new ArrayList<>();
        private RootCa signer = Roots.withoutKey(ROOT);

        @Override
        public boolean reachable(String url, ByteString root) {
            return reachable.contains(url);
        }

        @Override
        public ByteString crossSign(List<String> urls, ByteString current, RootCa next) {
            asked.addAll(urls);
            return ByteString.copyFrom(signer.crossSign(next));
        }
    }

    private static RootCA root(RootCa root) {
        return LeadingCa.rootCa(root).toBuilder().setLastForcedRotation(3).build();
    }

    private static CAConfig.Builder unchanged() {
        return CAConfig.newBuilder().setForceRotate(3);
    }

    private static CAConfig.Builder desired(RootCa root) {
        return unchanged()
                .setSigningCaCert(cert(root))
                .setSigningCaKey(ByteString.copyFrom(root.keyPem()));
    }

    private static ByteString cert(RootCa root) {
        return ByteString.copyFrom(root.certificatePem());
    }

    private static ExternalCA externalCa(RootCa root) {
        return ExternalCA.newBuilder().setUrl(URL).setCaCert(cert(root)).build();
    }

    private RootCA next(RootCA current, CAConfig.Builder wanted) {
        return RootChange.next(current, wanted.build(), external, NOW);
    }

    private void refuses(RootCA current, CAConfig.Builder wanted, String text) {
        CaRefusedException refused =
                catchThrowableOfType(CaRefusedException.class, () -> next(current, wanted));
        assertThat(refused).isNotNull();
        assertThat(refused.getMessage()).startsWith(text);
        assertThat(refused.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    private static X509Certificate only(ByteString pem) {
        List<X509Certificate> certificates = Certificates.parse(pem.toByteArray());
        assertThat(certificates).hasSize(1);
        return certificates.getFirst();
    }

    @Test
    void withoutAWishNothingChanges() {
        assertThat(next(root(ROOT), unchanged())).isEqualTo(root(ROOT));
    }

    @Test
    void aKeyNeedsItsCertificate() {
        refuses(root(ROOT), unchanged().setSigningCaKey(ByteString.copyFrom(OTHER.keyPem())),
                "if a signing CA key is provided, the signing CA cert must also be provided");
    }

    @Test
    @DisplayName("CA-029")
    void aForcedRotationMakesANewRootThatTheOldOneCertifies() {
        RootCA next = next(root(ROOT), unchanged().setForceRotate(4));

        assertThat(next.getLastForcedRotation()).isEqualTo(4);
        assertThat(next.toBuilder().clearRootRotation().setLastForcedRotation(3).build()).isEqualTo(root(ROOT));
        RootCa made = RootCa.signing(
                next.getRootRotation().getCaCert().toByteArray(),
                next.getRootRotation().getCaKey().toByteArray());
        X509Certificate crossed = only(next.getRootRotation().getCrossSignedCaCert());
        assertThat(Certificates.isSignedBy(crossed, ROOT.certificates().getFirst())).isTrue();
        assertThat(crossed.getPublicKey()).isEqualTo(made.certificates().getFirst().getPublicKey());
        assertThat(next(next, unchanged().setForceRotate(4))).isEqualTo(next);
    }

    @Test
    @DisplayName("CA-029")
    void aDesiredRootIsRotatedTo() {
        RootCA next = next(root(ROOT), desired(OTHER).setForceRotate(9));

        assertThat(next.getCaCert()).isEqualTo(cert(ROOT));
        assertThat(next.getLastForcedRotation()).isEqualTo(9);
        assertThat(next.getRootRotation().getCaCert()).isEqualTo(cert(OTHER));
        assertThat(next.getRootRotation().getCaKey().toByteArray()).isEqualTo(OTHER.keyPem());
        assertThat(Certificates.isSignedBy(
                only(next.getRootRotation().getCrossSignedCaCert()), ROOT.certificates().getFirst()))
                .isTrue();
    }

    @Test
    @DisplayName("CA-032")
    void anotherDesiredRootReplacesTheRotation() {
        RootCA rotating = next(root(ROOT), desired(OTHER));

        RootCA next = next(rotating, desired(THIRD));

        assertThat(next.getRootRotation().getCaCert()).isEqualTo(cert(THIRD));
        assertThat(next.getCaCert()).isEqualTo(cert(ROOT));
    }

    @Test
    void goingBackToTheCurrentRootEndsTheRotation() {
        RootCA rotating = next(root(ROOT), desired(OTHER));

        assertThat(next(rotating, desired(ROOT))).isEqualTo(root(ROOT));
    }

    @Test
    @DisplayName("CA-017")
    void headersAndWhiteSpaceMakeNoOtherRoot() {
        String pem = cert(ROOT).toStringUtf8().replace("CATE-----\n", "CATE-----\nx: y\n\n") + "\n\n";

        RootCA next = next(root(ROOT), desired(ROOT).setSigningCaCert(ByteString.copyFromUtf8("# mine\n" + pem)));

        assertThat(next).isEqualTo(root(ROOT));
    }

    @Test
    void theSameRotationAgainKeepsItAndTakesItsKey() {
        RootCA rotating = next(root(ROOT), desired(OTHER));
        external.reachable.add(URL);
        RootCA keyless = next(rotating, unchanged().setSigningCaCert(cert(OTHER)).addExternalCas(externalCa(OTHER)));

        assertThat(keyless.getRootRotation())
                .isEqualTo(rotating.getRootRotation().toBuilder().clearCaKey().build());
        assertThat(next(keyless, desired(OTHER))).isEqualTo(rotating);
    }

    @Test
    @DisplayName("CA-002")
    void whatCannotBeARootIsRefused() {
        ByteString two = cert(OTHER).concat(cert(THIRD));
        RootCa old = Roots.of(Roots.rsa(2048), "old", NOW.minusSeconds(630_720_000 - 364 * 86_400L));

        refuses(root(ROOT), desired(OTHER).setSigningCaCert(ByteString.copyFromUtf8("garbage")),
                "no valid root CA certificates found");
        refuses(root(ROOT), desired(OTHER).setSigningCaKey(ByteString.copyFromUtf8("garbage")),
                "malformed private key");
        refuses(root(ROOT), desired(OTHER).setSigningCaKey(ByteString.copyFrom(THIRD.keyPem())),
                "certificate key mismatch");
        refuses(root(ROOT), desired(OTHER).setSigningCaCert(two),
                "the desired CA certificate cannot contain multiple certificates");
        refuses(root(ROOT), desired(old), "CA certificate expires too soon");
    }

    @Test
    void aCertificateOfTheCurrentKeyIsRefused() {
        RootCa again = Roots.of(Roots.rsa(2048), "again", NOW);
        var pair = new java.security.KeyPair(
                again.certificates().getFirst().getPublicKey(), io.osmia.ca.internal.Issuer.key(again.keyPem()));

        refuses(root(again), desired(Roots.of(pair, "renamed", NOW)), "Cannot update to a cert with an identical key");
    }

    @Test
    void aClusterWithoutKeyNeedsAReachableOne() {
        RootCA keyless = root(Roots.withoutKey(ROOT));

        refuses(keyless, unchanged(), NONE + "current CA certificate");
        refuses(keyless, unchanged().addExternalCas(externalCa(ROOT)), NONE + "current CA certificate");
        external.reachable.add(URL);
        refuses(keyless, unchanged().addExternalCas(externalCa(OTHER)), NONE + "current CA certificate");
        assertThat(next(keyless, unchanged().addExternalCas(externalCa(ROOT)))).isEqualTo(keyless);
        assertThat(next(keyless, unchanged().addExternalCas(ExternalCA.newBuilder().setUrl(URL))))
                .isEqualTo(keyless);
    }

    @Test
    void theKeyOfTheCurrentRootEndsTheNeed() {
        RootCA keyless = root(Roots.withoutKey(ROOT));

        assertThat(next(keyless, desired(ROOT))).isEqualTo(root(ROOT));
        refuses(keyless, desired(ROOT).setSigningCaKey(ByteString.copyFrom(OTHER.keyPem())),
                "certificate key mismatch");
    }

    @Test
    void aDesiredRootWithoutKeyNeedsAReachableOne() {
        CAConfig.Builder wanted = unchanged().setSigningCaCert(cert(OTHER)).addExternalCas(externalCa(OTHER));

        refuses(root(ROOT), wanted, NONE + "desired CA certificate");
        external.reachable.add(URL);
        RootCA rotating = next(root(ROOT), wanted);
        assertThat(rotating.getRootRotation().getCaKey().isEmpty()).isTrue();
        external.reachable.clear();
        refuses(rotating, unchanged().addExternalCas(externalCa(OTHER)), NONE + "next CA certificate");
    }

    @Test
    void fromOneToAnotherIsNotSupported() {
        external.reachable.add(URL);

        refuses(root(Roots.withoutKey(ROOT)), unchanged()
                .setSigningCaCert(cert(OTHER))
                .addExternalCas(externalCa(OTHER))
                .addExternalCas(externalCa(ROOT)),
                "rotating from one external CA to a different external CA is not supported");
    }

    @Test
    @DisplayName("CA-016")
    void theOldOneCertifiesTheNewRoot() {
        external.reachable.add(URL);
        external.signer = ROOT;

        RootCA next = next(root(Roots.withoutKey(ROOT)), desired(OTHER).addExternalCas(externalCa(ROOT)));

        assertThat(external.asked).containsExactly(URL);
        X509Certificate crossed = only(next.getRootRotation().getCrossSignedCaCert());
        assertThat(Certificates.isSignedBy(crossed, ROOT.certificates().getFirst())).isTrue();
    }

    @Test
    void whatTheOldOneDoesNotOrWronglyCertifyIsAnInternalFailure() {
        external.reachable.add(URL);
        CAConfig.Builder wanted = desired(OTHER).addExternalCas(externalCa(ROOT));

        for (RootCa signer : List.of(Roots.withoutKey(ROOT), THIRD)) {
            external.signer = signer;
            CaRefusedException failed = catchThrowableOfType(
                    CaRefusedException.class, () -> next(root(Roots.withoutKey(ROOT)), wanted));
            assertThat(failed).hasMessage("unable to generate a cross-signed certificate for root rotation")
                    .hasCauseInstanceOf(CaException.class);
            assertThat(failed.code()).isEqualTo(Status.Code.INTERNAL);
        }
    }
}
