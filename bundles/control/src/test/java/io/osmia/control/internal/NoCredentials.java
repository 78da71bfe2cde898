package io.osmia.control.internal;

import io.osmia.roles.Credentials;
import io.osmia.roles.Registration;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Of a node that shows no certificate to anybody. */
final class NoCredentials implements Credentials {

    private static UnsupportedOperationException nobodyAsks() {
        return new UnsupportedOperationException("nobody here asks for certificates");
    }

    @Override
    public String nodeId() {
        return TestCluster.SELF;
    }

    @Override
    public String clusterId() {
        return TestCluster.ID;
    }

    @Override
    public String role() {
        return MANAGER_NAME;
    }

    @Override
    public X509ExtendedKeyManager keyManager() {
        return new NoKeys();
    }

    @Override
    public X509ExtendedTrustManager trustManager() {
        throw nobodyAsks();
    }

    @Override
    public X509ExtendedTrustManager renewalTrustManager() {
        throw nobodyAsks();
    }

    @Override
    public Registration onChange(Runnable listener) {
        throw nobodyAsks();
    }

    @Override
    public byte[] rootPem() {
        throw nobodyAsks();
    }

    @Override
    public byte[] issuerSubject() {
        throw nobodyAsks();
    }

    @Override
    public byte[] issuerPublicKey() {
        throw nobodyAsks();
    }

    private static final class NoKeys extends X509ExtendedKeyManager {

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return null;
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return null;
        }
    }
}
