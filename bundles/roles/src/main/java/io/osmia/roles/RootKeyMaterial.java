package io.osmia.roles;

/**
 * The root of trust that a new cluster is founded with; exists as a service on every manager. The leader writes it into the
 * cluster object when there is none yet (rule 0.5); from then on the cluster object is what counts (rule 7.2.4).
 */
public interface RootKeyMaterial {

    /** PEM bundle of the root certificate. */
    byte[] certPem();

    /** PEM of the root's private key; empty on a node that did not make the root and so cannot found a cluster. */
    byte[] keyPem();

    /** Join token of workers (rule 7.4.1); empty without a key. */
    String workerToken();

    /** Join token of managers (rule 7.4.1); empty without a key. */
    String managerToken();

    /** Digest of the root, {@code sha256:<hex>} over the bytes of {@link #certPem} (rule 7.2.3). */
    String hash();

    /** Key that the managers' key files are to be encrypted with (rule 7.12.3), 32 bytes; empty without autolock. */
    byte[] unlockKey();

    /** PEM chain of this node's own certificate, leaf first. */
    byte[] nodeCertificatePem();
}
