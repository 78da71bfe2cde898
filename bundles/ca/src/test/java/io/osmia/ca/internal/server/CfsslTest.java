package io.osmia.ca.internal.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import io.osmia.ca.CaException;
import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.Identity;
import io.osmia.ca.internal.Issuer;
import io.osmia.ca.internal.OwnKeyManager;
import io.osmia.ca.internal.PrivateKeys;
import io.osmia.ca.internal.Subject;
import io.osmia.wire.swarmkit.NodeRole;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 7.10.3 and 7.11. */
class CfsslTest {

    private static final Instant NOW = Instant.now();
    private static final RootCa ROOT = RootCa.create(NOW);
    private static final ByteString ROOT_PEM = ByteString.copyFrom(ROOT.certificatePem());
    private static final KeyPair PAIR = PrivateKeys.generate();

    private final CfsslServer server = server(ROOT);
    private final Cfssl cfssl = new Cfssl(new OwnKeyManager(manager()), Duration.ofSeconds(30));

    private static CfsslServer server(RootCa root) {
        return new CfsslServer(
                new String(root.certificatePem(), US_ASCII),
                new String(root.keyPem(), US_ASCII),
                new String(ROOT.certificatePem(), US_ASCII));
    }

    private static Identity manager() {
        byte[] chain = ROOT.sign(Issuer.request(PAIR), "m", "swarm-manager", "cluster", Duration.ofDays(1), NOW);
        return new Identity(
                ROOT.certificatePem(), ROOT.certificates(), Certificates.parse(chain), PAIR.getPrivate());
    }

    @AfterEach
    void close() {
        cfssl.close();
        server.close();
    }

    private static CfsslRequest leaf(NodeRole role) {
        return CfsslRequest.leaf(new SigningOrder("node", role, LeadingCa.csr()), "cluster");
    }

    private Outcome sign(String... urls) {
        return cfssl.sign(List.of(urls), ROOT_PEM, leaf(NodeRole.WORKER));
    }

    private Outcome signTampered(int status, String body) {
        server.tamper(reply -> new CfsslServer.Reply(status, body));
        return sign(server.url());
    }

    @Test
    @DisplayName("CA-029")
    void aNodesCertificateIsAskedForWithItsNamesAndSubject() throws Exception {
        Outcome outcome = cfssl.sign(List.of(server.url()), ROOT_PEM, leaf(NodeRole.MANAGER));

        X509Certificate certificate = Certificates.parse(((Outcome.Issued) outcome).chain().toByteArray())
                .getFirst();
        assertThat(Subject.of(certificate)).isEqualTo(new Subject("node", "swarm-manager", "cluster"));
        assertThat(Certificates.isSignedBy(certificate, ROOT.certificates().getFirst())).isTrue();
        JsonObject request = server.requests().getFirst();
        assertThat(request.get("hosts")).hasToString("[\"swarm-manager\",\"node\",\"swarm-ca\"]");
        assertThat(request.get("subject"))
                .hasToString("{\"CN\":\"node\",\"names\":[{\"OU\":\"swarm-manager\",\"O\":\"cluster\"}]}");
        assertThat(request.has("profile")).isFalse();
        assertThat(request.has("extensions")).isFalse();
        assertThat(request.get("certificate_request").getAsString()).startsWith("-----BEGIN CERTIFICATE REQUEST-----");
    }

    @Test
    @DisplayName("CA-016")
    void aRootIsCertifiedWithTheProfileOfCas() {
        RootCa next = Roots.rsa(NOW);

        ByteString crossed = cfssl.crossSign(List.of(server.url()), ROOT_PEM, next);

        X509Certificate certificate = Certificates.parse(crossed.toByteArray()).getFirst();
        assertThat(certificate.getPublicKey()).isEqualTo(next.certificates().getFirst().getPublicKey());
        assertThat(certificate.getSubjectX500Principal())
                .isEqualTo(next.certificates().getFirst().getSubjectX500Principal());
        assertThat(certificate.getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
        JsonObject request = server.requests().getFirst();
        assertThat(request.get("profile").getAsString()).isEqualTo("CA");
        assertThat(request.get("extensions"))
                .hasToString("[{\"id\":\"2.5.29.19\",\"critical\":true,\"value\":\"30030101ff\"}]");
    }

    @Test
    void theNextUrlIsAskedWhenOneFails() {
        CfsslServer refusing = server(ROOT);
        try (refusing) {
            refusing.tamper(reply -> new CfsslServer.Reply(500, "no"));

            assertThat(sign(refusing.url(), server.url())).isInstanceOf(Outcome.Issued.class);
            assertThat(refusing.requests()).hasSize(1);
            refusing.tamper(reply -> new CfsslServer.Reply(200, "{}"));
            server.tamper(reply -> new CfsslServer.Reply(503, ""));
            assertThat(sign(refusing.url(), server.url())).isInstanceOf(Outcome.Later.class);
            assertThat(sign(server.url(), refusing.url())).isInstanceOf(Outcome.Later.class);
        }
    }

    @Test
    void whatIsNoAnswerMayBeOneLater() {
        assertThat(signTampered(500, "down"))
                .isEqualTo(new Outcome.Later("unexpected status code in CSR response: 500 - down"));
        assertThat(later(signTampered(200, "{"))).startsWith("unable to parse JSON response");
        assertThat(later(signTampered(200, "[]"))).startsWith("unable to parse JSON response");
        assertThat(later(signTampered(200, "x".repeat(256 * 1024 + 1)))).contains(server.url());
    }

    @Test
    void aRefusalIsFinal() {
        assertThat(signTampered(200, "{\"success\":false,\"errors\":[{\"code\":7,\"message\":\"no\"}]}"))
                .isEqualTo(new Outcome.Refused("response errors: [{7 no}]"));
        assertThat(signTampered(200, "{\"success\":false,\"errors\":[]}"))
                .isEqualTo(new Outcome.Refused("certificate signing request failed"));
        assertThat(signTampered(200, "{\"success\":true,\"result\":{\"certificate\":\"x\"}}"))
                .isInstanceOf(Outcome.Refused.class);
        assertThatThrownBy(() -> cfssl.crossSign(List.of(server.url()), ROOT_PEM, Roots.ecdsa(NOW)))
                .isInstanceOf(CaException.class);
    }

    @Test
    void anAnswerOfTheGreatestSizeIsRead() {
        String padding = "x".repeat(256 * 1024 - "{\"success\":false,\"a\":\"\"}".length());

        assertThat(signTampered(200, "{\"success\":false,\"a\":\"" + padding + "\"}"))
                .isEqualTo(new Outcome.Refused("certificate signing request failed"));
    }

    @Test
    void aSilentServerIsGivenUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Cfssl hasty = new Cfssl(new OwnKeyManager(manager()), Duration.ofMillis(200))) {
            String url = "https://127.0.0.1:" + silent.getLocalPort() + "/";

            assertThat(later(hasty.sign(List.of(url), ROOT_PEM, leaf(NodeRole.WORKER)))).contains(url);
            assertThat(hasty.reachable(url, ROOT_PEM)).isFalse();
        }
    }

    @Test
    void onlyAServerOfTheRootIsReachable() {
        RootCa other = Roots.ecdsa(NOW);

        assertThat(cfssl.reachable(server.url(), ROOT_PEM)).isTrue();
        assertThat(cfssl.reachable(server.url(), ByteString.copyFrom(other.certificatePem()))).isFalse();
        assertThat(cfssl.reachable(server.url().replace("https", "http"), ROOT_PEM)).isFalse();
        assertThat(cfssl.reachable("not a url", ROOT_PEM)).isFalse();
        assertThat(cfssl.reachable(server.url().replace("127.0.0.1", "localhost"), ROOT_PEM)).isFalse();
        server.close();
        assertThat(cfssl.reachable(server.url(), ROOT_PEM)).isFalse();
    }

    @Test
    void aServerOfAnotherRootIsToldNothing() {
        CfsslServer other = server(Roots.ecdsa(NOW));
        try (other) {
            assertThat(later(sign(other.url()))).startsWith("unable to perform certificate signing request");
            assertThat(other.requests()).isEmpty();
        }
    }

    private static String later(Outcome outcome) {
        return ((Outcome.Later) outcome).why();
    }
}
