package io.osmia.ca.internal.client;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** When a certificate is to be renewed if nothing happens (rule 7.6.1). */
public final class RenewalPlan {

    private RenewalPlan() {}

    public static Instant of(X509Certificate certificate, RandomGenerator random) {
        return of(certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant(), random);
    }

    /** Random whole minutes after 50 % and not after 80 % of the lifetime; half of it when that is less than a minute wide. */
    static Instant of(Instant from, Instant until, RandomGenerator random) {
        Duration lifetime = Duration.between(from, until);
        long minutes = lifetime.multipliedBy(3).dividedBy(10).toMinutes();
        return from.plus(lifetime.dividedBy(2)).plus(Duration.ofMinutes(random.nextLong(minutes + 1)));
    }
}
