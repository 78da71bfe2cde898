package io.osmia.shell.internal.cluster;

import com.google.protobuf.ByteString;
import io.osmia.shell.internal.text.GoDuration;
import io.osmia.wire.swarmkit.CAConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags about certificates and who issues them (rule 7.10). */
final class AuthorityFlags {

    @Option(names = {"--cert-expiry",
        "--certexpiry"}, paramLabel = "TIME", description = "How long certificates of nodes last; at least 1h.")
    private @Nullable String certExpiry;

    @Option(names = "--rotate-ca", description = "Replace the root: a new one is made, or the one of --ca-cert taken; every node gets a new certificate.")
    private boolean rotate;

    @Option(names = "--ca-cert", paramLabel = "FILE", description = "With --rotate-ca: the root to rotate to (PEM).")
    private @Nullable Path cert;

    @Option(names = "--ca-key", paramLabel = "FILE", description = "With --ca-cert: its key (PEM); without, an external CA must have it.")
    private @Nullable Path key;

    @Option(names = "--external-ca", paramLabel = "protocol=cfssl,url=URL", description = "Who signs instead of the managers; those given replace all, 'none' takes all away. Also cacert=FILE. Repeatable.")
    private @Nullable List<String> externalCas;

    /** Throws IllegalArgumentException with a message for the user; asks nobody. */
    void check() {
        if (cert != null && !rotate) {
            throw new IllegalArgumentException(
                    "--ca-cert needs --rotate-ca: a new root means new certificates for all");
        }
        if (key != null && cert == null) {
            throw new IllegalArgumentException("--ca-key needs --ca-cert, the root that the key belongs to");
        }
        mergeInto(CAConfig.newBuilder());
    }

    void mergeInto(CAConfig.Builder config) {
        if (certExpiry != null) {
            config.setNodeCertExpiry(GoDuration.parse(certExpiry));
        }
        if (externalCas != null) {
            config.clearExternalCas();
            if (!externalCas.equals(List.of("none"))) {
                externalCas.forEach(text -> config.addExternalCas(ExternalCaText.parse(text)));
            }
        }
        if (rotate) {
            config.setForceRotate(config.getForceRotate() + 1).clearSigningCaCert().clearSigningCaKey();
        }
        if (cert != null) {
            config.setSigningCaCert(file(cert));
        }
        if (key != null) {
            config.setSigningCaKey(file(key));
        }
    }

    /** What the file holds. */
    static ByteString file(Path file) {
        try {
            return ByteString.copyFrom(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file + ": " + e.getClass().getSimpleName());
        }
    }
}
