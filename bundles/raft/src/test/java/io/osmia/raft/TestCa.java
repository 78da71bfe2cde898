package io.osmia.raft;

import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Issuer;
import io.osmia.roles.Credentials;
import io.osmia.roles.Registration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A cluster's root, and certificates under it. */
final class TestCa {

    static final String MANAGER = "swarm-manager";
    static final String WORKER = "swarm-worker";

    private final RootCa root = RootCa.create(Instant.now());
    private final String cluster;

    TestCa(String cluster) {
        this.cluster = cluster;
    }

    TestCredentials manager(String nodeId) throws GeneralSecurityException, IOException {
        return issue(nodeId, MANAGER);
    }

    TestCredentials issue(String nodeId, String role) throws GeneralSecurityException, IOException {
        return issue(nodeId, role, Instant.now());
    }

    /** @param now when it is issued; ends a day later */
    TestCredentials issue(String nodeId, String role, Instant now) throws GeneralSecurityException, IOException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        byte[] pem = root.sign(Issuer.request(pair), nodeId, role, cluster, Duration.ofDays(1), now);
        X509Certificate[] chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem))
                .toArray(X509Certificate[]::new);
        return new TestCredentials(nodeId, role, cluster, new Keys(pair.getPrivate(), chain), trust());
    }

    private X509ExtendedTrustManager trust() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (X509Certificate certificate : root.certificates()) {
            store.setCertificateEntry("root", certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    /** What a node has. */
    record TestCredentials(
            String nodeId, String role, String clusterId, Keys keyManager, X509ExtendedTrustManager trustManager)
            implements Credentials {

        @Override
        public X509ExtendedTrustManager renewalTrustManager() {
            return trustManager;
        }

        @Override
        public Registration onChange(Runnable listener) {
            return () -> {};
        }

        @Override
        public byte[] rootPem() {
            return new byte[0];
        }

        @Override
        public byte[] issuerSubject() {
            return new byte[0];
        }

        @Override
        public byte[] issuerPublicKey() {
            return new byte[0];
        }
    }

    /** A key manager whose certificate may be renewed. */
    static final class Keys extends X509ExtendedKeyManager {

        private volatile PrivateKey key;
        private volatile X509Certificate[] chain;

        Keys(PrivateKey key, X509Certificate[] chain) {
            this.key = key;
            this.chain = chain;
        }

        void renew(Keys other) {
            key = other.key;
            chain = other.chain;
        }

        X509Certificate leaf() {
            return chain[0];
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {"node"};
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return "node";
        }

        @Override
        public String chooseEngineClientAlias(String[] keyType, Principal[] issuers, SSLEngine engine) {
            return "node";
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return "EC".equals(keyType) ? "node" : null;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {"node"};
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return "node";
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }
    }
}
