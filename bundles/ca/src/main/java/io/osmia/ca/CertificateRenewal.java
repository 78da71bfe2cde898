package io.osmia.ca;

import io.osmia.roles.Clock;
import io.osmia.roles.Remotes;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Renews this node's certificate when it is time, and when told to (rule 7.6). */
public final class CertificateRenewal implements AutoCloseable {

    /** @param controlSocket this manager's own control socket, asked for at each renewal; empty on a worker */
    public CertificateRenewal(
            NodeCertificates certificates, Remotes remotes, Clock clock, Supplier<Optional<Path>> controlSocket) {}

    /** Begins to follow the certificate; once. */
    public void start() {
        throw new UnsupportedOperationException();
    }

    /** Renews until the certificate has this role (rule 7.6.3). */
    public void expectRole(String role) {
        throw new UnsupportedOperationException();
    }

    /** Renews soon, whatever the plan says (rule 7.6.3). */
    public void renewNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
