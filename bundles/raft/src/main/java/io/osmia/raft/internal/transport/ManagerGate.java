package io.osmia.raft.internal.transport;

import io.osmia.raft.Exclusion;
import io.osmia.roles.Credentials;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Who may speak raft: the certificate is good (signed under the cluster's root, not expired), of this cluster, of a manager, and
 * its node was neither removed nor demoted since. The same for both ends of a connection. Names and addresses of the peer's host do not matter.
 */
final class ManagerGate extends X509ExtendedTrustManager {

    private static final String MANAGER = "swarm-manager";

    private final Credentials credentials;
    private final Exclusion excluded;

    ManagerGate(Credentials credentials, Exclusion excluded) {
        this.credentials = credentials;
        this.excluded = excluded;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        credentials.trustManager().checkClientTrusted(chain, authType);
        requireManager(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        credentials.trustManager().checkServerTrusted(chain, authType);
        requireManager(chain[0]);
    }

    /**
     * The same without the times and signatures of a certificate that was let in before.
     *
     * @throws CertificateException when its node would not be let in any more
     */
    void requireManager(X509Certificate leaf) throws CertificateException {
        LdapName subject = subject(leaf);
        String node = part(subject, "CN");
        String cluster = part(subject, "O");
        String role = part(subject, "OU");
        if (!cluster.equals(credentials.clusterId())) {
            throw new CertificateException("raft: node " + node + " is of cluster '" + cluster + "', not of "
                    + credentials.clusterId());
        }
        if (!role.equals(MANAGER)) {
            throw new CertificateException("raft: node " + node + " has the role '" + role + "', not " + MANAGER);
        }
        if (node.isEmpty()) {
            throw new CertificateException("raft: a certificate without the id of a node");
        }
        Optional<String> reason = excluded.reason(node, leaf);
        if (reason.isPresent()) {
            throw new CertificateException("raft: node " + node + " " + reason.get());
        }
    }

    private static LdapName subject(X509Certificate leaf) throws CertificateException {
        try {
            return new LdapName(leaf.getSubjectX500Principal().getName());
        } catch (InvalidNameException e) {
            throw new CertificateException("raft: a certificate with an unreadable subject", e);
        }
    }

    private static String part(LdapName name, String type) {
        for (Rdn rdn : name.getRdns()) {
            if (rdn.getType().equalsIgnoreCase(type) && rdn.getValue() instanceof String value) {
                return value;
            }
        }
        return "";
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return credentials.trustManager().getAcceptedIssuers();
    }
}
