package io.osmia.ca;

import com.google.protobuf.ByteString;
import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.Identity;
import io.osmia.ca.internal.Issuer;
import io.osmia.ca.internal.Kek;
import io.osmia.ca.internal.PrivateKeys;
import io.osmia.ca.internal.UnknownAuthorityException;
import io.osmia.ca.internal.client.CaCallException;
import io.osmia.ca.internal.client.CaClient;
import io.osmia.ca.internal.client.CaRoad;
import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
import io.osmia.roles.Remotes;
import io.osmia.wire.swarmkit.IssueNodeCertificateRequest;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One renewal of a node's certificate (rule 7.6.4). */
final class Renewal {

    private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);

    private final NodeCertificates certificates;
    private final Remotes remotes;
    private final Clock clock;
    private final CaClient client;

    Renewal(NodeCertificates certificates, Remotes remotes, Clock clock, CaClient client) {
        this.certificates = certificates;
        this.remotes = remotes;
        this.clock = clock;
        this.client = client;
    }

    /**
     * Renews. A worker whose new certificate is of an unknown authority fetches the root once, and tries again (rule 7.6.6).
     *
     * @throws CaException why there is no new certificate; the present one stays
     */
    void carryOut(Optional<Path> controlSocket) {
        CaRoad road = new CaRoad(controlSocket, remotes, certificates.channels(), certificates.nodeId());
        try {
            renewInRole(road);
        } catch (UnknownAuthorityException e) {
            if (!certificates.role().equals(Credentials.WORKER_NAME)) {
                throw e;
            }
            LOG.warn("the new certificate is of an unknown authority, the root is fetched again: {}", e.getMessage());
            certificates.trust(client.root(CaRoad.unverified(remotes)));
            renew(road);
        }
    }

    /** A manager that is demoted between its request and its question for the unlock key asks again, as the worker it is now. */
    private void renewInRole(CaRoad road) {
        try {
            renew(road);
        } catch (CaCallException e) {
            if (!e.isPermissionDenied()) {
                throw e;
            }
            renew(road);
        }
    }

    private void renew(CaRoad road) {
        KeyPair pair = PrivateKeys.generate();
        byte[] chain = client.certificate(
                road,
                IssueNodeCertificateRequest.newBuilder()
                        .setCsr(ByteString.copyFrom(Issuer.request(pair)))
                        .build());
        byte[] root = certificates.rootPem();
        Identity next = new Identity(
                root, RootCa.trusting(root).certificates(), Certificates.parse(chain), pair.getPrivate());
        next.check(clock.now());
        certificates.renewed(pair, chain, kek(road, next));
    }

    private Kek kek(CaRoad road, Identity next) {
        return next.subject().unit().equals(Credentials.MANAGER_NAME)
                ? client.unlockKey(road.as(next))
                : Kek.NONE;
    }
}
