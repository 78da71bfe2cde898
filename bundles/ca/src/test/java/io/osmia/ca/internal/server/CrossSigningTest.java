package io.osmia.ca.internal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.ca.CaException;
import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.Chain;
import io.osmia.ca.internal.Issuer;
import io.osmia.ca.internal.PrivateKeys;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules 7.10.4 and 7.10.5. */
class CrossSigningTest {

    /** Java's own validation asks the machine for the time. */
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private static final RootCa RSA = Roots.rsa(NOW);
    private static final RootCa ECDSA = Roots.ecdsa(NOW);

    static Stream<List<RootCa>> pairs() {
        RootCa sameName = RootCa.create(NOW);
        return Stream.of(
                List.of(RSA, ECDSA),
                List.of(ECDSA, RSA),
                List.of(RSA, Roots.rsa(NOW)),
                List.of(RootCa.create(NOW), sameName));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    @DisplayName("CA-016")
    void subjectKeyAndExtensionsStayAndTheIssuerIsTheOldRoot(List<RootCa> oldAndNew) {
        X509Certificate former = oldAndNew.getFirst().certificates().getFirst();
        X509Certificate next = oldAndNew.getLast().certificates().getFirst();

        X509Certificate crossed = Certificates.parse(oldAndNew.getFirst().crossSign(oldAndNew.getLast()))
                .getFirst();

        assertThat(crossed.getSubjectX500Principal()).isEqualTo(next.getSubjectX500Principal());
        assertThat(crossed.getPublicKey()).isEqualTo(next.getPublicKey());
        assertThat(crossed.getNotAfter()).isEqualTo(next.getNotAfter());
        assertThat(new TreeSet<>(crossed.getCriticalExtensionOIDs()))
                .isEqualTo(new TreeSet<>(next.getCriticalExtensionOIDs()));
        for (String id : next.getNonCriticalExtensionOIDs()) {
            assertThat(crossed.getExtensionValue(id)).isEqualTo(next.getExtensionValue(id));
        }
        assertThat(crossed.getBasicConstraints()).isEqualTo(next.getBasicConstraints());
        assertThat(crossed.getIssuerX500Principal()).isEqualTo(former.getSubjectX500Principal());
        assertThat(Certificates.isSignedBy(crossed, former)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    @DisplayName("CA-014")
    void aLeafOfTheNewRootVerifiesUnderBoth(List<RootCa> oldAndNew) throws Exception {
        RootCa former = oldAndNew.getFirst();
        RootCa next = oldAndNew.getLast();
        List<X509Certificate> chain = new ArrayList<>(Certificates.parse(next.sign(
                Issuer.request(PrivateKeys.generate()), "n", "swarm-worker", "c", Duration.ofDays(1), NOW)));
        List<X509Certificate> bare = List.copyOf(chain);
        chain.addAll(Certificates.parse(former.crossSign(next)));

        for (RootCa trusted : oldAndNew) {
            Chain.check(chain, trusted.certificates(), NOW);
            // And by the rules of Java's TLS, which is what the other end of a connection applies.
            java(trusted).checkClientTrusted(chain.toArray(X509Certificate[]::new), "EC");
        }
        assertThatThrownBy(() -> Chain.check(bare, former.certificates(), NOW)).isInstanceOf(CaException.class);
    }

    @Test
    @DisplayName("CA-016")
    void whatIsNoCaIsNotCertified() {
        byte[] leaf = ECDSA.sign(
                Issuer.request(PrivateKeys.generate()), "n", "swarm-worker", "c", Duration.ofDays(1), NOW);
        X509Certificate issuer = RSA.certificates().getFirst();

        assertThatThrownBy(() -> Issuer.crossSigned(
                Certificates.parse(leaf).getFirst(), issuer, Issuer.key(RSA.keyPem())))
                .isInstanceOf(CaException.class)
                .hasMessageEndingWith("is not a CA's");
        assertThatThrownBy(() -> Roots.withoutKey(RSA).crossSign(ECDSA)).hasMessage("no valid signer found");
    }

    private static X509TrustManager java(RootCa root) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("root", root.certificates().getFirst());
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trusted);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }
}
