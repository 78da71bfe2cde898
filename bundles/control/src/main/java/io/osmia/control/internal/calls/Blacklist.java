package io.osmia.control.internal.calls;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.osmia.wire.swarmkit.BlacklistedCertificate;
import io.osmia.wire.swarmkit.Certificate;
import io.osmia.wire.swarmkit.Cluster;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Certificates of removed nodes, kept until some time after they have expired (rules 1.5.4 and 1.8.2). */
final class Blacklist {

    private static final Duration GRACE = Durations.fromDays(7);

    private Blacklist() {}

    /** The cluster without the entries that expired more than the grace time ago. */
    static Cluster purged(Cluster cluster, Timestamp now) {
        Timestamp bound = Timestamps.subtract(now, GRACE);
        List<String> old = cluster.getBlacklistedCertificatesMap().entrySet().stream()
                .filter(entry -> expiredBefore(entry.getValue(), bound))
                .map(Map.Entry::getKey)
                .toList();
        if (old.isEmpty()) {
            return cluster;
        }
        Cluster.Builder purged = cluster.toBuilder();
        old.forEach(purged::removeBlacklistedCertificates);
        return purged.build();
    }

    /** An entry without a readable expiry stays for ever. */
    private static boolean expiredBefore(BlacklistedCertificate entry, Timestamp bound) {
        return entry.hasExpiry()
                && Timestamps.isValid(entry.getExpiry())
                && Timestamps.compare(entry.getExpiry(), bound) < 0;
    }

    /** When the node's certificate ends; empty when it has none that can be read. */
    static Optional<Timestamp> expiry(Certificate certificate) {
        try {
            X509Certificate leaf = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(certificate.getCertificate().newInput());
            return Optional.of(Timestamps.fromMillis(leaf.getNotAfter().getTime()));
        } catch (CertificateException unreadable) {
            return Optional.empty();
        }
    }
}
