package io.osmia.ca.internal.server;

import com.google.protobuf.ByteString;
import io.osmia.roles.Credentials;
import io.osmia.wire.swarmkit.Certificate;
import io.osmia.wire.swarmkit.IssuanceStatus;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request for a certificate that stands on a node and is to be signed (rule 7.7.7).
 *
 * @param nodeId common name
 * @param role what the certificate says, which the node's role may differ from by now
 * @param csr PKCS#10, PEM, as the node sent it
 */
record SigningOrder(String nodeId, NodeRole role, ByteString csr) {

    /** What a node asks for; empty when it has to wait for its acceptance or asks for nothing. */
    static Optional<SigningOrder> of(@Nullable Node node) {
        if (node == null || !isOpen(node)) {
            return Optional.empty();
        }
        Certificate asked = node.getCertificate();
        return Optional.of(new SigningOrder(node.getId(), asked.getRole(), asked.getCsr()));
    }

    private static boolean isOpen(Node node) {
        IssuanceStatus.State state = node.getCertificate().getStatus().getState();
        return state == IssuanceStatus.State.RENEW
                || (state == IssuanceStatus.State.PENDING
                        && node.getSpec().getMembership() == NodeSpec.Membership.ACCEPTED);
    }

    /** As it stands in a certificate (rule 7.1.1). */
    String unit() {
        return role == NodeRole.MANAGER ? Credentials.MANAGER_NAME : Credentials.WORKER_NAME;
    }
}
