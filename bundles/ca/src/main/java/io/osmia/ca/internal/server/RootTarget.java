package io.osmia.ca.internal.server;

import com.google.protobuf.ByteString;
import io.osmia.ca.CaException;
import io.osmia.ca.JoinToken;
import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Certificates;
import io.osmia.wire.swarmkit.JoinTokens;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeTLSInfo;
import io.osmia.wire.swarmkit.RootCA;
import io.osmia.wire.swarmkit.RootRotation;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The root that a cluster is on its way to (rules 7.10.6, 7.10.7).
 *
 * @param certificate PEM
 * @param issuerSubject DER of its subject
 * @param issuerPublicKey DER of its public key
 */
record RootTarget(ByteString certificate, ByteString issuerSubject, ByteString issuerPublicKey) {

    /** @throws CaException when its certificate cannot be read */
    static RootTarget of(RootRotation rotation) {
        List<X509Certificate> roots = Certificates.parse(rotation.getCaCert().toByteArray());
        if (roots.isEmpty()) {
            throw new CaException("the root rotation in progress has no certificate");
        }
        return new RootTarget(
                rotation.getCaCert(),
                ByteString.copyFrom(roots.getFirst().getSubjectX500Principal().getEncoded()),
                ByteString.copyFrom(roots.getFirst().getPublicKey().getEncoded()));
    }

    /** Whether the node said that this root has issued the certificate that it uses. */
    boolean isReachedBy(Node node) {
        NodeTLSInfo tls = node.getDescription().getTlsInfo();
        return tls.getCertIssuerSubject().equals(issuerSubject)
                && tls.getCertIssuerPublicKey().equals(issuerPublicKey);
    }

    /** Whether this is what the cluster is still on its way to. */
    boolean isTargetOf(RootCA root) {
        return root.hasRootRotation() && root.getRootRotation().getCaCert().equals(certificate);
    }

    /** The cluster's root when it has arrived: with new tokens, as those of the old root bind its digest. */
    static RootCA arrived(RootCA rotating, RandomGenerator random) {
        RootRotation rotation = rotating.getRootRotation();
        byte[] pem = rotation.getCaCert().toByteArray();
        return RootCA.newBuilder()
                .setCaCert(rotation.getCaCert())
                .setCaKey(rotation.getCaKey())
                .setCaCertHash(RootCa.trusting(pem).hash())
                .setJoinTokens(JoinTokens.newBuilder()
                        .setWorker(JoinToken.fresh(pem, random).toString())
                        .setManager(JoinToken.fresh(pem, random).toString()))
                .setLastForcedRotation(rotating.getLastForcedRotation())
                .build();
    }
}
