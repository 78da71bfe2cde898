package io.osmia.roles;

import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A manager's certificate is good until it ends, the office may end before (rule 8.7). A node that the cluster has as a worker
 * and wants as a worker is a manager no more, whatever it shows.
 */
public final class FormerManager {

    private FormerManager() {}

    /**
     * Whether a node that shows a manager's certificate is one no longer.
     *
     * @param node as this manager has it; null when it has none, and so says nothing
     * @param shown its certificate; null when another manager has looked at it
     * @param membership of this manager: a member is a manager, even if the store here does not say so yet
     */
    public static boolean is(
            @Nullable Node node, @Nullable X509Certificate shown, Optional<? extends Membership> membership) {
        if (node == null || node.getRole() != NodeRole.WORKER || node.getSpec().getDesiredRole() != NodeRole.WORKER) {
            return false;
        }
        if (membership.isEmpty()) {
            return true;
        }
        var members = membership.get().members();
        if (members.stream().anyMatch(member -> member.nodeId().equals(node.getId()))) {
            return false;
        }
        boolean current = members.stream().anyMatch(member -> member.leader() && member.reachable());
        return current || shown == null || !isNewer(shown, node);
    }

    /**
     * A manager that hears no leader may be behind, and the one that it does not know as a manager be the leader it has to hear.
     * That one shows a certificate from after the last one that is known here.
     */
    private static boolean isNewer(X509Certificate shown, Node node) {
        try {
            var known = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(node.getCertificate().getCertificate().toByteArray()));
            return shown.getNotBefore().after(known.getNotBefore());
        } catch (CertificateException nothingKnown) {
            return false;
        }
    }
}
