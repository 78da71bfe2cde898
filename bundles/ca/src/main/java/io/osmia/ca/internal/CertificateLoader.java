package io.osmia.ca.internal;

import io.osmia.ca.CaException;
import io.osmia.ca.KeyOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a node's certificates and refuses what does not fit together; completes a set whose writing was interrupted.
 */
public final class CertificateLoader {

    private final CertificateFiles files;
    private final KeyOptions options;
    private final Instant now;
    private final List<Path> toPromote = new ArrayList<>();

    public CertificateLoader(CertificateFiles files, KeyOptions options, Instant now) {
        this.files = files;
        this.options = options;
        this.now = now;
    }

    /**
     * The identity in the directory; empty when there is none yet.
     *
     * @throws CaException naming the file and what is wrong with it; then nothing was changed
     */
    public Optional<NodeState> load() {
        if (!Files.exists(files.key()) && !Files.exists(files.certificate())) {
            return Optional.empty();
        }
        NodeKey key = key();
        List<X509Certificate> chain = chain(key.key());
        Identity identity = trusted(chain, key.key());
        complete();
        return Optional.of(new NodeState(identity, key));
    }

    private NodeKey key() {
        byte[] content = files.read(files.key())
                .orElseThrow(() -> new CaException(files.key() + " is missing, but " + files.certificate()
                        + " is there: put the key back, or remove both to begin with a new identity"));
        List<Pem> blocks = parse(files.key(), content);
        if (blocks.size() != 1) {
            throw damaged(files.key(), "it must hold one PEM block, and holds " + blocks.size());
        }
        try {
            return NodeKey.parse(blocks.getFirst(), options.unlockKey());
        } catch (CaException e) {
            throw damaged(files.key(), e.getMessage());
        }
    }

    private List<X509Certificate> chain(PrivateKey key) {
        Optional<List<X509Certificate>> own = certificates(files.certificate(), files.certificate());
        if (own.isPresent() && belongs(own.get(), key)) {
            return own.get();
        }
        Path staged = CertificateFiles.temporary(files.certificate());
        Optional<List<X509Certificate>> recovered = certificates(staged, files.certificate());
        if (recovered.isPresent() && belongs(recovered.get(), key)) {
            toPromote.add(files.certificate());
            return recovered.get();
        }
        if (own.isEmpty()) {
            throw new CaException(files.certificate() + " is missing, but " + files.key() + " is there");
        }
        throw damaged(files.certificate(), "certificate key mismatch with " + files.key().getFileName());
    }

    private static boolean belongs(List<X509Certificate> chain, PrivateKey key) {
        return Certificates.match(chain.getFirst().getPublicKey(), key);
    }

    private Optional<List<X509Certificate>> certificates(Path file, Path named) {
        return files.read(file).map(content -> {
            try {
                List<X509Certificate> certificates = Certificates.parse(content);
                if (certificates.isEmpty()) {
                    throw new CaException("no certificate in it");
                }
                return certificates;
            } catch (CaException e) {
                throw damaged(named, e.getMessage());
            }
        });
    }

    private Identity trusted(List<X509Certificate> chain, PrivateKey key) {
        Optional<Identity> own = identity(files.root(), chain, key);
        if (own.isPresent() && signs(own.get())) {
            return checked(own.get());
        }
        Optional<Identity> recovered = identity(CertificateFiles.temporary(files.root()), chain, key);
        if (recovered.isPresent() && signs(recovered.get())) {
            toPromote.add(files.root());
            return checked(recovered.get());
        }
        if (own.isEmpty()) {
            throw new CaException(files.root() + " is missing, but " + files.certificate() + " is there");
        }
        return checked(own.get());
    }

    private Optional<Identity> identity(Path rootFile, List<X509Certificate> chain, PrivateKey key) {
        return files.read(rootFile).map(pem -> {
            try {
                return new Identity(pem, RootRules.parse(pem), chain, key);
            } catch (CaException e) {
                throw damaged(files.root(), e.getMessage());
            }
        });
    }

    private static boolean signs(Identity identity) {
        return identity.chain().stream()
                .anyMatch(c -> identity.roots().stream().anyMatch(root -> Certificates.isSignedBy(c, root)));
    }

    private Identity checked(Identity identity) {
        try {
            identity.subject().requireNode();
            checkTimes(identity);
        } catch (CaException e) {
            throw damaged(files.certificate(), e.getMessage());
        }
        return identity;
    }

    /** One that ended within the grace loads, to be renewed; it must have been good until its end. */
    private void checkTimes(Identity identity) {
        if (options.allowExpired()) {
            Chain.checkAllowingExpired(identity.chain(), identity.roots());
            return;
        }
        Instant end = identity.chain().getFirst().getNotAfter().toInstant();
        boolean ended = now.isAfter(end);
        boolean inGrace = ended && !now.isAfter(end.plus(options.expiredGrace()));
        try {
            Chain.check(identity.chain(), identity.roots(), inGrace ? end : now);
        } catch (CaException e) {
            throw ended
                    ? new CaException(
                            e.getMessage() + "; start with a longer --expired-grace, or remove this node from the"
                                    + " cluster and let it join anew with an empty state directory",
                            e)
                    : e;
        }
    }

    private void complete() {
        try {
            for (Path file : toPromote) {
                files.promote(file);
            }
        } catch (IOException e) {
            throw new CaException("an interrupted renewal of " + toPromote + " cannot be completed: "
                    + CertificateFiles.reason(e), e);
        }
        files.removeStaged();
    }

    private static List<Pem> parse(Path file, byte[] content) {
        try {
            return Pem.parse(content);
        } catch (IllegalArgumentException e) {
            throw damaged(file, "its PEM is not base 64");
        }
    }

    private static CaException damaged(Path file, String reason) {
        return new CaException("error while loading TLS certificate in " + file + ": " + reason);
    }
}
