package io.osmia.ca.internal;

import io.osmia.ca.CaException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Checks of a leaf with its intermediates against roots (rule 7.3.5). */
public final class Chain {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private Chain() {}

    /**
     * Every certificate is valid now, signed by the next one, and the chain ends in a root.
     *
     * @param chain leaf first
     * @throws CaException naming the first fault
     */
    public static void check(List<X509Certificate> chain, List<X509Certificate> roots, Instant now) {
        checkLinks(chain);
        for (int i = 0; i < chain.size(); i++) {
            checkTime(chain.get(i), i + 1, now);
        }
        X509Certificate root = anchor(chain, roots);
        checkTime(root, chain.size() + 1, now);
    }

    /** As {@link #check}, but some instant at which all certificates were valid is enough. */
    public static void checkAllowingExpired(List<X509Certificate> chain, List<X509Certificate> roots) {
        checkLinks(chain);
        X509Certificate root = anchor(chain, roots);
        Instant from = root.getNotBefore().toInstant();
        Instant until = root.getNotAfter().toInstant();
        for (X509Certificate certificate : chain) {
            from = latest(from, certificate.getNotBefore().toInstant());
            until = earliest(until, certificate.getNotAfter().toInstant());
        }
        if (from.isAfter(until)) {
            throw new CaException(
                    "there is no time span for which all of the certificates, including a root, are valid");
        }
    }

    private static void checkLinks(List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            throw new CaException("no certificates to validate");
        }
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!Certificates.isSignedBy(chain.get(i), chain.get(i + 1))) {
                throw new CaException("certificates do not form a chain: (" + (i + 1) + " - " + commonName(chain.get(i))
                        + ") is not signed by (" + (i + 2) + " - " + commonName(chain.get(i + 1)) + ")");
            }
            if (chain.get(i + 1).getBasicConstraints() < 0) {
                throw new CaException("certificates do not form a chain: (" + (i + 2) + " - "
                        + commonName(chain.get(i + 1)) + ") may not sign others");
            }
        }
    }

    /** Why a certificate that another node shows is not valid now, by the clock of this machine; empty if it is. */
    static Optional<String> untimely(X509Certificate certificate, Instant now) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        String what = "the certificate of " + commonName(certificate) + " is not valid ";
        String here = ", and it is currently " + TIME.format(now) + " here: check the clocks of both machines";
        if (now.isBefore(from)) {
            return Optional.of(what + "before " + TIME.format(from) + here);
        }
        return now.isAfter(until) ? Optional.of(what + "after " + TIME.format(until) + here) : Optional.empty();
    }

    private static void checkTime(X509Certificate certificate, int number, Instant now) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        String which = "certificate (" + number + " - " + commonName(certificate) + ") not valid ";
        if (now.isBefore(from)) {
            throw new CaException(which + "before " + TIME.format(from) + ", and it is currently " + TIME.format(now));
        }
        if (now.isAfter(until)) {
            throw new CaException(which + "after " + TIME.format(until) + ", and it is currently " + TIME.format(now));
        }
    }

    /** The root that signed some certificate of the chain; after a cross-signing that need not be the last one. */
    private static X509Certificate anchor(List<X509Certificate> chain, List<X509Certificate> roots) {
        for (X509Certificate certificate : chain) {
            for (X509Certificate root : roots) {
                if (Certificates.isSignedBy(certificate, root)) {
                    return root;
                }
            }
        }
        throw new UnknownAuthorityException(
                "certificate (1 - " + commonName(chain.getFirst()) + ") signed by unknown authority");
    }

    private static String commonName(X509Certificate certificate) {
        return Subject.of(certificate).commonName();
    }

    private static Instant latest(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Instant earliest(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
