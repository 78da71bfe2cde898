package io.osmia.ca;

import io.osmia.ca.internal.CertificateFiles;
import io.osmia.ca.internal.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The root in a certificate directory, with its key if someone has put that there (rule 7.2.4). */
record RootFiles(CertificateFiles files) {

    /** The root that was put there for a cluster to be founded with. */
    Optional<RootCa> seeded() {
        if (!Files.exists(files.root())) {
            return Optional.empty();
        }
        RootCa seeded = root(content(files.root()));
        if (!seeded.canSign()) {
            throw new CaException(files.root() + " is there without " + files.certificate().getFileName() + ", "
                    + files.key().getFileName() + " or " + files.rootKey().getFileName()
                    + ": put the missing files back, or remove it to found a new cluster");
        }
        return Optional.of(seeded);
    }

    RootCa of(Identity identity) {
        return root(identity.rootPem());
    }

    private RootCa root(byte[] certificatePem) {
        try {
            return Files.exists(files.rootKey())
                    ? RootCa.signing(certificatePem, content(files.rootKey()))
                    : RootCa.trusting(certificatePem);
        } catch (CaException e) {
            Path file = Files.exists(files.rootKey()) ? files.rootKey() : files.root();
            throw new CaException("error while loading root CA in " + file + ": " + e.getMessage(), e);
        }
    }

    private byte[] content(Path file) {
        return files.read(file).orElseThrow(() -> new CaException(file + " is missing"));
    }
}
