package io.osmia.ca.internal;

import java.io.Serial;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;

/** A certificate that would do at another time. Says both times, for often it is a clock that is wrong. */
public final class OutOfTimeException extends CertificateException {

    @Serial
    private static final long serialVersionUID = 1L;

    private OutOfTimeException(String message, CertificateException cause) {
        // The cause of the cause decides which alert the other end gets.
        super(message, cause.getCause());
    }

    /** The same failure, with the times when these are its reason. */
    static CertificateException of(CertificateException failure, X509Certificate[] chain, Instant now) {
        if (!isOfTime(failure)) {
            return failure;
        }
        return Arrays.stream(chain)
                .flatMap(certificate -> Chain.untimely(certificate, now).stream())
                .findFirst()
                .<CertificateException>map(why -> new OutOfTimeException(why, failure))
                .orElse(failure);
    }

    private static boolean isOfTime(CertificateException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateNotYetValidException || cause instanceof CertificateExpiredException) {
                return true;
            }
        }
        return false;
    }
}
