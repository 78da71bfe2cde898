package io.osmia.ca.internal;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts the newest roots; made when the first handshake needs it, which spares a start of the node its cost. */
public final class OwnTrustManager extends X509ExtendedTrustManager {

    private final Object lock = new Object();
    private List<X509Certificate> roots; // guarded by lock
    private @Nullable X509ExtendedTrustManager delegate; // guarded by lock

    public OwnTrustManager(List<X509Certificate> roots) {
        this.roots = roots;
    }

    /** From now on new handshakes trust these. */
    public void swap(List<X509Certificate> newRoots) {
        synchronized (lock) {
            roots = newRoots;
            delegate = null;
        }
    }

    private X509ExtendedTrustManager delegate() {
        synchronized (lock) {
            X509ExtendedTrustManager made = delegate;
            if (made == null) {
                made = pkix(roots);
                delegate = made;
            }
            return made;
        }
    }

    /** The same trust, as if it were another time. */
    X509ExtendedTrustManager at(Date time) {
        List<X509Certificate> trusted;
        synchronized (lock) {
            trusted = roots;
        }
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(store(trusted), new X509CertSelector());
            parameters.setRevocationEnabled(false);
            parameters.setDate(time);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            return extended(factory);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("trust manager for the cluster root", e);
        }
    }

    private static X509ExtendedTrustManager pkix(List<X509Certificate> roots) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store(roots));
            return extended(factory);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("trust manager for the cluster root", e);
        }
    }

    private static KeyStore store(List<X509Certificate> roots) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < roots.size(); i++) {
            store.setCertificateEntry("root-" + i, roots.get(i));
        }
        return store;
    }

    private static X509ExtendedTrustManager extended(TrustManagerFactory factory) {
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new IllegalStateException("the Java runtime has no PKIX trust manager");
    }

    private interface Check {
        void by(X509ExtendedTrustManager trust) throws CertificateException;
    }

    /** A certificate that is out of its time is told with both times. */
    private void checked(X509Certificate[] chain, Check check) throws CertificateException {
        try {
            check.by(delegate());
        } catch (CertificateException e) {
            throw OutOfTimeException.of(e, chain, Instant.now());
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        checked(chain, trust -> trust.checkClientTrusted(chain, authType));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checked(chain, trust -> trust.checkClientTrusted(chain, authType, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checked(chain, trust -> trust.checkClientTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        checked(chain, trust -> trust.checkServerTrusted(chain, authType));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checked(chain, trust -> trust.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checked(chain, trust -> trust.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return delegate().getAcceptedIssuers();
    }
}
