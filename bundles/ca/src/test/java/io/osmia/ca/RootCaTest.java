package io.osmia.ca;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.Issuer;
import io.osmia.ca.internal.PrivateKeys;
import io.osmia.ca.internal.Subject;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 7.2 and 7.3. */
class RootCaTest {

    private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");
    private static final RootCa ROOT = RootCa.create(NOW);

    @Test
    @DisplayName("CA-001")
    void aNewRootIsSelfSignedForTwentyYears() throws Exception {
        X509Certificate root = ROOT.certificates().getFirst();

        root.verify(root.getPublicKey());
        assertThat(root.getSubjectX500Principal().getName()).isEqualTo("CN=swarm-ca");
        assertThat(root.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(root.getNotBefore()).isEqualTo(Date.from(NOW.minus(Duration.ofMinutes(5))));
        assertThat(Duration.between(root.getNotBefore().toInstant(), root.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofSeconds(630_720_000));
        assertThat(root.getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
        assertThat(root.getCriticalExtensionOIDs()).contains("2.5.29.19");
        assertThat(keyUsage(root)).containsExactly(5, 6);
    }

    @Test
    @DisplayName("CA-001")
    void certificateAndKeyReadBackGiveTheSameRoot() {
        RootCa again = RootCa.signing(ROOT.certificatePem(), ROOT.keyPem());

        assertThat(again.canSign()).isTrue();
        assertThat(again.hash()).isEqualTo(ROOT.hash()).matches("sha256:[0-9a-f]{64}");
        assertThat(again.keyPem()).isEqualTo(ROOT.keyPem());
    }

    @Test
    @DisplayName("CA-002")
    void aRootWithoutItsKeySignsNothing() {
        RootCa trusted = RootCa.trusting(ROOT.certificatePem());

        assertThat(trusted.canSign()).isFalse();
        assertThat(trusted.keyPem()).isEmpty();
        refuses(() -> trusted.sign(csr(), "n", "swarm-worker", "c", Duration.ofDays(1), NOW), "no valid signer found");
    }

    @Test
    @DisplayName("CA-002")
    void whatIsNoRootIsRefusedWithTheReason() throws Exception {
        byte[] garbage = "garbage".getBytes(US_ASCII);
        byte[] leaf = ROOT.sign(csr(), "n", "swarm-worker", "c", Duration.ofDays(1), NOW);
        byte[] damaged = new String(ROOT.certificatePem(), US_ASCII).replace("MI", "AA").getBytes(US_ASCII);

        refuses(() -> RootCa.trusting(garbage), "no valid root CA certificates found");
        refuses(() -> RootCa.trusting(damaged), "invalid root certificates");
        refuses(() -> RootCa.trusting(leaf), "error while validating Root CA Certificate");
        refuses(() -> RootCa.signing(ROOT.certificatePem(), garbage), "malformed private key");
        refuses(() -> RootCa.signing(ROOT.certificatePem(), new byte[0]),
                "must provide both a signing key and a signing cert, or neither");
        refuses(() -> RootCa.signing(ROOT.certificatePem(), RootCa.create(NOW).keyPem()), "certificate key mismatch");
    }

    @Test
    @DisplayName("CA-002")
    void weakKeysAreRefused() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(1024);
        KeyPair weak = rsa.generateKeyPair();
        byte[] root = Certificates.pem(List.of(Issuer.root(weak, "swarm-ca", NOW)));
        byte[] key = new io.osmia.ca.internal.Pem("PRIVATE KEY", weak.getPrivate().getEncoded()).encode();

        refuses(() -> RootCa.signing(root, key), "unsupported RSA key parameters");
    }

    @Test
    void aManagersCertificateNamesRoleIdAndCa() throws Exception {
        X509Certificate leaf = leaf("swarm-manager", Duration.ofDays(90));

        assertThat(Subject.of(leaf)).isEqualTo(new Subject("0node", "swarm-manager", "0cluster"));
        assertThat(names(leaf)).containsExactly("swarm-manager", "0node", "swarm-ca");
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(keyUsage(leaf)).containsExactly(0, 2);
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(names(leaf("swarm-worker", Duration.ofDays(90)))).containsExactly("swarm-worker", "0node");
    }

    @Test
    @DisplayName("CA-012")
    void validityFollowsTheExpiryOfTheClusterUnlessItIsTooShort() {
        X509Certificate day = leaf("swarm-worker", Duration.ofDays(1));
        X509Certificate tooShort = leaf("swarm-worker", Duration.ofMinutes(59));

        assertThat(day.getNotBefore().toInstant()).isEqualTo(Instant.parse("2030-01-02T02:04:00Z"));
        assertThat(day.getNotAfter().toInstant()).isEqualTo(Instant.parse("2030-01-03T03:04:00Z"));
        assertThat(tooShort.getNotAfter().toInstant())
                .isEqualTo(Instant.parse("2030-01-02T03:04:00Z").plus(Duration.ofHours(2160)));
    }

    @Test
    @DisplayName("CA-004")
    void ofARequestOnlyTheKeyCounts() throws Exception {
        KeyPair pair = PrivateKeys.generate();
        ExtensionsGenerator wishes = new ExtensionsGenerator();
        wishes.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        wishes.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, "swarm-ca")));
        byte[] der = new JcaPKCS10CertificationRequestBuilder(
                new X500Name("O=root,OU=swarm-manager,CN=swarm-ca"), pair.getPublic())
                .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wishes.generate())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                .getEncoded();
        byte[] csr = new io.osmia.ca.internal.Pem("CERTIFICATE REQUEST", der).encode();

        byte[] signed = ROOT.sign(csr, "node", "swarm-worker", "cluster", Duration.ofDays(1), NOW);

        X509Certificate leaf = Certificates.parse(signed).getFirst();
        assertThat(leaf.getPublicKey()).isEqualTo(pair.getPublic());
        assertThat(Subject.of(leaf)).isEqualTo(new Subject("node", "swarm-worker", "cluster"));
        assertThat(names(leaf)).containsExactly("swarm-worker", "node");
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    }

    @Test
    @DisplayName("CA-022")
    void aRequestThatIsNoneOrNotProvenIsRefused() {
        byte[] garbage = "garbage".getBytes(US_ASCII);

        refuses(() -> ROOT.sign(garbage, "n", "swarm-worker", "c", Duration.ofDays(1), NOW), "a signing request");
        refuses(() -> ROOT.sign(ROOT.certificatePem(), "n", "swarm-worker", "c", Duration.ofDays(1), NOW),
                "invalid signing request");
    }

    private static byte[] csr() {
        return Issuer.request(PrivateKeys.generate());
    }

    private static X509Certificate leaf(String role, Duration expiry) {
        return Certificates.parse(ROOT.sign(csr(), "0node", role, "0cluster", expiry, NOW))
                .getFirst();
    }

    private static List<String> names(X509Certificate certificate) throws Exception {
        return certificate.getSubjectAlternativeNames().stream()
                .map(name -> (String) name.get(1))
                .toList();
    }

    private static List<Integer> keyUsage(X509Certificate certificate) {
        boolean[] bits = certificate.getKeyUsage();
        return java.util.stream.IntStream.range(0, bits.length)
                .filter(i -> bits[i])
                .boxed()
                .toList();
    }

    private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(CaException.class).hasMessageStartingWith(message);
    }
}
