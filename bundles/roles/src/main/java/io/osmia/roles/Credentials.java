package io.osmia.roles;

import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * This node's certificate, key and trust root. The managers are mutable inside: a renewed certificate is picked up by new
 * handshakes without a restart of listeners or channels.
 */
public interface Credentials {

    /** Server name that clients verify in normal traffic (rule 7.8.2). */
    String MANAGER_NAME = "swarm-manager";

    /** Role of a node that is no manager (rule 7.1.1). */
    String WORKER_NAME = "swarm-worker";

    /** Server name for first contact (rule 7.8.2). */
    String CA_NAME = "swarm-ca";

    String nodeId();

    String clusterId();

    /** {@code swarm-manager} or {@code swarm-worker} (rule 7.1.1). */
    String role();

    X509ExtendedKeyManager keyManager();

    X509ExtendedTrustManager trustManager();

    /**
     * Like {@link #trustManager}, and lets clients in whose certificate ended not longer ago than the grace: they may renew it
     * and do nothing else, which the caller has to see to.
     */
    X509ExtendedTrustManager renewalTrustManager();

    /** Called after certificate, key or trust root changed, on the thread that changed them. */
    Registration onChange(Runnable listener);

    /** PEM bundle of the trust root. */
    byte[] rootPem();

    /** DER of the subject of the certificate's issuer (NodeTLSInfo.cert_issuer_subject). */
    byte[] issuerSubject();

    /** DER SubjectPublicKeyInfo of the issuer (NodeTLSInfo.cert_issuer_public_key). */
    byte[] issuerPublicKey();
}
