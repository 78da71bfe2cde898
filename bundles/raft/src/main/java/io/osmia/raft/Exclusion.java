package io.osmia.raft;

import java.security.cert.X509Certificate;
import java.util.Optional;

/** Nodes with a manager's certificate of this cluster that may not speak raft all the same. */
@FunctionalInterface
public interface Exclusion {

    Exclusion NOBODY = (nodeId, certificate) -> Optional.empty();

    /**
     * What became of the node, such as "was removed from the cluster"; empty when it may speak. Asked at each handshake and each
     * call on the raft port, on a thread that must not be blocked.
     *
     * @param nodeId of the certificate
     */
    Optional<String> reason(String nodeId, X509Certificate certificate);
}
