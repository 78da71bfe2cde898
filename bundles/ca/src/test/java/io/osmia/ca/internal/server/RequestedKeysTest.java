package io.osmia.ca.internal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.ca.CaException;
import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.Issuer;
import io.osmia.ca.internal.Pem;
import io.osmia.ca.internal.PrivateKeys;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys a signing request may have, and in which forms a signing key is read. */
class RequestedKeysTest {

    private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

    private static byte[] request(KeyPair pair, String signature) throws Exception {
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Name(""), pair.getPublic())
                .build(new JcaContentSignerBuilder(signature).setProvider(PROVIDER).build(pair.getPrivate()))
                .getEncoded();
        return new Pem("CERTIFICATE REQUEST", der).encode();
    }

    private static KeyPair curve(String name) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", PROVIDER);
        generator.initialize(new ECGenParameterSpec(name));
        return generator.generateKeyPair();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
    void theseCurvesAreTaken(String name) throws Exception {
        assertThat(Issuer.requestedKey(request(curve(name), "SHA256withECDSA")).getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void anRsaKeyOf2048BitsIsTaken() throws Exception {
        assertThat(Issuer.requestedKey(request(Roots.rsa(2048), "SHA256withRSA")).getAlgorithm()).isEqualTo("RSA");
    }

    static Stream<Arguments> refused() throws Exception {
        KeyPair edwards = KeyPairGenerator.getInstance("Ed25519", PROVIDER).generateKeyPair();
        return Stream.of(
                Arguments.of(
                        request(Roots.rsa(1024), "SHA256withRSA"),
                        "the RSA key of the signing request has 1024 bits; at least 2048 and at most 8192 are needed"),
                Arguments.of(
                        request(curve("secp256k1"), "SHA256withECDSA"),
                        "the ECDSA key of the signing request is on the curve 1.3.132.0.10;"
                                + " P-256, P-384 or P-521 is needed"),
                Arguments.of(
                        request(curve("secp224r1"), "SHA256withECDSA"),
                        "the ECDSA key of the signing request is on the curve 1.3.132.0.33;"
                                + " P-256, P-384 or P-521 is needed"),
                Arguments.of(
                        request(edwards, "Ed25519"),
                        "the key of the signing request is of the kind 1.3.101.112; ECDSA or RSA is needed"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    @DisplayName("CA-022")
    void weakAndUnusualKeysAreRefusedWithTheReason(byte[] request, String text) {
        assertThatThrownBy(() -> Issuer.requestedKey(request))
                .isInstanceOf(CaException.class)
                .hasMessage(text);
    }

    @Test
    @DisplayName("CA-022")
    void damagedRequestsAreRefusedOrMeanTheSame() {
        KeyPair pair = PrivateKeys.generate();
        byte[] der = Pem.parse(Issuer.request(pair)).getFirst().der();
        SplittableRandom random = new SplittableRandom(22);
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] damaged = der.clone();
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) random.nextInt(1, 256);
            }
            byte[] request = new Pem("CERTIFICATE REQUEST", damaged).encode();
            try {
                assertThat(Issuer.requestedKey(request)).isEqualTo(pair.getPublic());
            } catch (CaException expected) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1900, 2000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    @DisplayName("CA-054")
    void aSigningKeyInItsOlderFormIsTheSameKey(String algorithm) throws Exception {
        KeyPair pair = algorithm.equals("EC") ? curve("secp256r1") : Roots.rsa(2048);
        RootCa root = Roots.of(pair, "root", LeadingCa.START);
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(pair.getPrivate());
        }
        assertThat(text.toString()).startsWith("-----BEGIN " + algorithm + " PRIVATE KEY-----");

        RootCa again = RootCa.signing(
                root.certificatePem(), text.toString().getBytes(StandardCharsets.US_ASCII));

        assertThat(again.canSign()).isTrue();
        assertThat(Certificates.match(pair.getPublic(), Issuer.key(again.keyPem()))).isTrue();
    }

    @Test
    @DisplayName("CA-017")
    void bundlesAreComparedWithoutHeadersAndWhiteSpaceButInOrder() {
        byte[] one = Roots.ecdsa(LeadingCa.START).certificatePem();
        byte[] two = Roots.ecdsa(LeadingCa.START).certificatePem();
        String first = new String(one, StandardCharsets.US_ASCII);
        String second = new String(two, StandardCharsets.US_ASCII);
        String decorated = "comment\n" + first.replace("CATE-----\n", "CATE-----\nheader: x\n\n") + "\n \n" + second;

        assertThat(normal(decorated)).isEqualTo(normal(first + second)).isEqualTo(first + second);
        assertThat(normal(second + first)).isNotEqualTo(normal(first + second));
        assertThat(List.of(normal(""), normal("garbage"))).containsOnly("");
    }

    private static String normal(String bundle) {
        return ExternalUrls.normal(com.google.protobuf.ByteString.copyFromUtf8(bundle)).toStringUtf8();
    }
}
