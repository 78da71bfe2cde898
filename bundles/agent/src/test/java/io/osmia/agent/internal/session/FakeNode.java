package io.osmia.agent.internal.session;

import io.osmia.roles.Credentials;
import io.osmia.roles.Registration;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Who a node is, where nobody speaks TLS. */
final class FakeNode implements Credentials {

    private final String nodeId;
    private volatile byte root = 1;

    FakeNode(String nodeId) {
        this.nodeId = nodeId;
    }

    /** Trusts another root from now on. */
    void renew(byte newRoot) {
        root = newRoot;
    }

    @Override
    public String nodeId() {
        return nodeId;
    }

    @Override
    public String clusterId() {
        return "cluster";
    }

    @Override
    public String role() {
        return "swarm-manager";
    }

    @Override
    public X509ExtendedKeyManager keyManager() {
        throw new UnsupportedOperationException();
    }

    @Override
    public X509ExtendedTrustManager trustManager() {
        throw new UnsupportedOperationException();
    }

    @Override
    public X509ExtendedTrustManager renewalTrustManager() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Registration onChange(Runnable listener) {
        return () -> {};
    }

    @Override
    public byte[] rootPem() {
        return new byte[] {root};
    }

    @Override
    public byte[] issuerSubject() {
        return new byte[] {2};
    }

    @Override
    public byte[] issuerPublicKey() {
        return new byte[] {3};
    }
}
