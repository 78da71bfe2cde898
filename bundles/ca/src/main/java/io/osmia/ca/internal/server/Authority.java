package io.osmia.ca.internal.server;

import com.google.protobuf.ByteString;
import io.osmia.ca.CaException;
import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.Issuer;
import io.osmia.wire.swarmkit.CAConfig;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.RootCA;
import io.osmia.wire.swarmkit.RootRotation;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who signs for the cluster at a moment: its own root, or external CAs when there are any for that root (rules 7.7.7,
 * 7.10.5).
 */
final class Authority {

    private static final String NO_SIGNER = "no valid signer found";

    /** No root lasts so long, and times beyond cannot be written into a certificate. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** Of a cluster that is not known yet. */
    static final Authority NONE = new Authority(RootCA.getDefaultInstance(), CAConfig.getDefaultInstance());

    private final RootCA root;
    private final CAConfig config;
    private final @Nullable RootCa signer;
    /** Why there is no signer. */
    private final String fault;
    private final ByteString intermediates;
    private final List<String> urls;

    private Authority(RootCA root, CAConfig config) {
        this.root = root;
        this.config = config;
        RootRotation rotation = root.getRootRotation();
        boolean rotating = root.hasRootRotation();
        ByteString cert = rotating ? rotation.getCaCert() : root.getCaCert();
        ByteString key = rotating ? rotation.getCaKey() : root.getCaKey();
        intermediates = rotation.getCrossSignedCaCert();
        urls = ExternalUrls.of(config.getExternalCasList(), cert, root.getCaCert());
        RootCa local = null;
        String why = NO_SIGNER;
        if (!key.isEmpty()) {
            try {
                local = RootCa.signing(cert.toByteArray(), key.toByteArray());
            } catch (CaException unusable) {
                why = NO_SIGNER + ": " + unusable.getMessage();
            }
        }
        signer = local;
        fault = why;
    }

    static Authority of(@Nullable Cluster cluster) {
        return cluster == null
                ? NONE
                : new Authority(cluster.getRootCa(), cluster.getSpec().getCaConfig());
    }

    /** Whether it is what {@link #of} would make of this cluster. */
    boolean isOf(Cluster cluster) {
        return root.equals(cluster.getRootCa()) && config.equals(cluster.getSpec().getCaConfig());
    }

    boolean isExternal() {
        return !urls.isEmpty();
    }

    /**
     * Has an external CA sign; what it asks for must be right before it costs anybody's time. The servers' certificates
     * verify under the current root, and while rotating under the new one too (rule 7.11.2).
     */
    Outcome signExternally(SigningOrder order, String clusterId, Cfssl cfssl) {
        PublicKey key;
        try {
            key = Issuer.requestedKey(order.csr().toByteArray());
        } catch (CaException refused) {
            return new Outcome.Refused(refused.getMessage());
        }
        ByteString roots = root.getCaCert().concat(root.getRootRotation().getCaCert());
        Outcome outcome = cfssl.sign(urls, roots, CfsslRequest.leaf(order, clusterId));
        if (!(outcome instanceof Outcome.Issued(var chain))) {
            return outcome;
        }
        return Certificates.parse(chain.toByteArray()).getFirst().getPublicKey().equals(key)
                ? new Outcome.Issued(chain.concat(intermediates))
                : new Outcome.Refused("the external CA certified another key than that of the request");
    }

    /** Signs with the key that the cluster has. */
    Outcome sign(SigningOrder order, String clusterId, Instant now) {
        if (signer == null) {
            return new Outcome.Later(fault);
        }
        try {
            byte[] leaf =
                    signer.sign(order.csr().toByteArray(), order.nodeId(), order.unit(), clusterId, expiry(), now);
            return new Outcome.Issued(ByteString.copyFrom(leaf).concat(intermediates));
        } catch (CaException refused) {
            return new Outcome.Refused(refused.getMessage());
        }
    }

    private Duration expiry() {
        return config.hasNodeCertExpiry()
                ? Duration.ofSeconds(Math.clamp(config.getNodeCertExpiry().getSeconds(), 0, LONGEST.toSeconds()))
                : RootCa.DEFAULT_EXPIRY;
    }
}
