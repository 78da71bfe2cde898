package io.osmia.ca.internal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.ca.CaException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CA-015: the table of chains and what is said of each (rule 7.3.5). */
@DisplayName("CA-015")
class ChainTest {

    private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");
    private static final KeyPair ROOT_KEY = PrivateKeys.generate();
    private static final KeyPair LEAF_KEY = PrivateKeys.generate();
    private static final X509Certificate ROOT = Issuer.root(ROOT_KEY, "swarm-ca", NOW);
    private static final X509Certificate OTHER_ROOT = Issuer.root(PrivateKeys.generate(), "swarm-ca", NOW);
    private static final X509Certificate LEAF = leaf(NOW);

    private static X509Certificate leaf(Instant from) {
        Subject subject = new Subject("node", "swarm-worker", "cluster");
        return Issuer.leaf(ROOT, ROOT_KEY.getPrivate(), LEAF_KEY.getPublic(), subject, Duration.ofDays(1), from);
    }

    @Test
    void aLeafOfTheRootIsGood() {
        assertThatCode(() -> Chain.check(List.of(LEAF), List.of(OTHER_ROOT, ROOT), NOW)).doesNotThrowAnyException();
        assertThatCode(() -> Chain.check(List.of(LEAF, ROOT), List.of(ROOT), NOW)).doesNotThrowAnyException();
    }

    @Test
    void nothingIsNoChain() {
        refuses(() -> Chain.check(List.of(), List.of(ROOT), NOW), "no certificates to validate");
    }

    @Test
    void whatIsNoCertificateCannotBeDecoded() {
        byte[] pem =
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".getBytes(StandardCharsets.US_ASCII);

        refuses(() -> Certificates.parse(pem), "not a certificate");
    }

    @Test
    void theWrongOrderIsNoChain() {
        refuses(() -> Chain.check(List.of(ROOT, LEAF), List.of(ROOT), NOW),
                "certificates do not form a chain: (1 - swarm-ca)");
    }

    @Test
    void anotherRootIsUnknown() {
        refuses(() -> Chain.check(List.of(LEAF), List.of(OTHER_ROOT), NOW),
                "certificate (1 - node) signed by unknown authority");
    }

    @Test
    void expiredAndNotYetValidSayWhen() {
        refuses(
                () -> Chain.check(List.of(LEAF), List.of(ROOT), NOW.plus(Duration.ofDays(2))),
                "certificate (1 - node) not valid after Thu, 03 Jan 2030 03:04:00 UTC, and it is currently Fri");
        refuses(
                () -> Chain.check(List.of(LEAF), List.of(ROOT), NOW.minus(Duration.ofHours(2))),
                "certificate (1 - node) not valid before Wed, 02 Jan 2030 02:04:00 UTC, and it is currently Wed");
    }

    @Test
    void expiredIsGoodEnoughWhenAllWereOnceValid() {
        assertThatCode(() -> Chain.checkAllowingExpired(List.of(LEAF), List.of(ROOT))).doesNotThrowAnyException();
    }

    @Test
    void withoutACommonInstantNothingIsGoodEnough() {
        X509Certificate beforeTheRoot = leaf(NOW.minus(Duration.ofDays(30)));

        refuses(
                () -> Chain.checkAllowingExpired(List.of(beforeTheRoot), List.of(ROOT)),
                "there is no time span for which all of the certificates, including a root, are valid");
    }

    private static void refuses(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(CaException.class).hasMessageContaining(message);
    }
}
