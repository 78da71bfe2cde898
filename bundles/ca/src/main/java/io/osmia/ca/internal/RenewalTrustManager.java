package io.osmia.ca.internal;

import io.osmia.roles.Clock;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Also lets clients in whose certificate ended not longer ago than the grace, and was good until then. */
public final class RenewalTrustManager extends X509ExtendedTrustManager {

    private final OwnTrustManager strict;
    private final Duration grace;
    private final Clock clock;

    public RenewalTrustManager(OwnTrustManager strict, Duration grace, Clock clock) {
        this.strict = strict;
        this.grace = grace;
        this.clock = clock;
    }

    private boolean inGrace(X509Certificate[] chain) {
        if (chain.length == 0) {
            return false;
        }
        Instant now = clock.now();
        Instant end = chain[0].getNotAfter().toInstant();
        return now.isAfter(end) && !now.isAfter(end.plus(grace));
    }

    private X509ExtendedTrustManager judge(X509Certificate[] chain) {
        return inGrace(chain) ? strict.at(chain[0].getNotAfter()) : strict;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge(chain).checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge(chain).checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        judge(chain).checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        strict.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        strict.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        strict.checkServerTrusted(chain, authType, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return strict.getAcceptedIssuers();
    }
}
