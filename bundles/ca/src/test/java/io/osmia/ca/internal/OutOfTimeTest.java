package io.osmia.ca.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.ca.RootCa;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Two machines whose clocks differ. */
class OutOfTimeTest {

    private final Instant now = Instant.now();
    private final RootCa root = RootCa.create(now.minus(Duration.ofDays(10)));
    private final OwnTrustManager trust = new OwnTrustManager(root.certificates());

    private static X509Certificate[] chain(RootCa signer, Instant issued) {
        byte[] pem = signer.sign(
                Issuer.request(PrivateKeys.generate()), "node1", "swarm-manager", "cluster1", Duration.ofDays(2),
                issued);
        return Certificates.parse(pem).toArray(X509Certificate[]::new);
    }

    @Test
    void aCertificateFromTheFutureOrThePastIsRefusedWithBothTimes() {
        for (Duration by : new Duration[] {Duration.ofHours(2), Duration.ofDays(-3)}) {
            X509Certificate[] chain = chain(root, now.plus(by));
            String when = by.isNegative() ? "after" : "before";
            assertThatThrownBy(() -> trust.checkServerTrusted(chain, "ECDHE_ECDSA"))
                    .isInstanceOf(OutOfTimeException.class)
                    .hasMessageMatching("the certificate of node1 is not valid " + when
                            + " .* UTC, and it is currently .* UTC here: check the clocks of both machines")
                    .hasCauseInstanceOf(CertPathValidatorException.class);
            assertThatThrownBy(() -> trust.checkClientTrusted(chain, "ECDHE_ECDSA"))
                    .isInstanceOf(OutOfTimeException.class);
        }
    }

    @Test
    void anotherFaultIsNoMatterOfTime() throws Exception {
        X509Certificate[] foreign = chain(RootCa.create(now), now.plus(Duration.ofHours(2)));
        assertThatThrownBy(() -> trust.checkServerTrusted(foreign, "ECDHE_ECDSA"))
                .isInstanceOf(CertificateException.class)
                .isNotInstanceOf(OutOfTimeException.class);
        trust.checkServerTrusted(chain(root, now), "ECDHE_ECDSA");
        assertThat(trust.getAcceptedIssuers()).hasSize(1);
    }
}
