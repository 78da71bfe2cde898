package io.osmia.plugins.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom this node trusts to sign plugins: the certificates in some folders, and those that they issued. Nobody asks for
 * revocations; a certificate that is not to be trusted any more is taken out of the folder.
 *
 * @param folders where the certificates lie, PEM or DER
 */
record Trust(List<Path> folders) {

    private static final Logger LOG = LoggerFactory.getLogger(Trust.class);
    private static final String PLACE = "conf/plugin-trust";

    Trust {
        folders = List.copyOf(folders);
    }

    /** Why the jar is not to be trusted; empty when every entry is signed by somebody whom the node trusts. */
    Optional<String> objection(PluginJar jar) {
        Set<X509Certificate> trusted = certificates();
        if (trusted.isEmpty()) {
            return Optional
                    .of("plugins must be signed in this cluster, and " + PLACE + " of this node has no certificate");
        }
        try {
            return objection(JarReader.again(jar), trusted);
        } catch (JarReader.NotAPlugin e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (SecurityException e) {
            return Optional.of("its signature does not fit its content: " + e.getMessage());
        } catch (IOException e) {
            return Optional.of("its signature cannot be read: " + e.getMessage());
        }
    }

    private static Optional<String> objection(byte[] jar, Set<X509Certificate> trusted) throws IOException {
        Path copy = Files.createTempFile("osmia-plugin-", ".jar");
        try {
            Files.write(copy, jar);
            try (JarFile file = new JarFile(copy.toFile(), true)) {
                for (JarEntry entry : Collections.list(file.entries())) {
                    Optional<String> objection = objection(file, entry, trusted);
                    if (objection.isPresent()) {
                        return objection;
                    }
                }
                return Optional.empty();
            }
        } finally {
            Files.delete(copy);
        }
    }

    private static Optional<String> objection(JarFile file, JarEntry entry, Set<X509Certificate> trusted)
            throws IOException {
        try (InputStream in = file.getInputStream(entry)) {
            in.transferTo(OutputStream.nullOutputStream()); // only then its signers are known
        }
        if (entry.isDirectory() || isSignature(entry.getName())) {
            return Optional.empty();
        }
        CodeSigner @Nullable [] signers = entry.getCodeSigners();
        if (signers == null) {
            return Optional.of("plugins must be signed in this cluster, and its entry " + entry.getName() + " is not");
        }
        for (CodeSigner signer : signers) {
            if (isTrusted(signer.getSignerCertPath(), trusted)) {
                return Optional.empty();
            }
        }
        X509Certificate first = (X509Certificate) signers[0].getSignerCertPath().getCertificates().getFirst();
        return Optional.of("it is signed by " + first.getSubjectX500Principal().getName()
                + ", whom no certificate in " + PLACE + " stands for");
    }

    /** The files that make up the signature, which cannot be signed themselves. */
    private static boolean isSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.equals(JarFile.MANIFEST_NAME)
                || (upper.startsWith("META-INF/") && upper.indexOf('/', "META-INF/".length()) < 0
                        && upper.matches(".*\\.(SF|RSA|DSA|EC)"));
    }

    private static boolean isTrusted(CertPath path, Set<X509Certificate> trusted) {
        try {
            X509Certificate leaf = (X509Certificate) path.getCertificates().getFirst();
            if (trusted.contains(leaf)) {
                leaf.checkValidity();
                return true;
            }
            List<? extends Certificate> chain =
                    path.getCertificates().stream().filter(link -> !trusted.contains(link)).toList();
            PKIXParameters parameters = new PKIXParameters(
                    trusted.stream().map(anchor -> new TrustAnchor(anchor, null)).collect(Collectors.toSet()));
            parameters.setRevocationEnabled(false);
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
            return true;
        } catch (GeneralSecurityException e) {
            LOG.debug("plugins: a signer is not trusted", e);
            return false;
        }
    }

    private Set<X509Certificate> certificates() {
        Set<X509Certificate> all = new HashSet<>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, Files::isRegularFile)) {
                    files.forEach(file -> read(file, all));
                } catch (IOException e) {
                    LOG.warn("plugins: cannot read {}: {}", folder, e.toString());
                }
            }
        }
        return all;
    }

    private static void read(Path file, Set<X509Certificate> all) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            factory.generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
                    .forEach(certificate -> all.add((X509Certificate) certificate));
        } catch (IOException | CertificateException e) {
            LOG.warn("plugins: {} holds no certificate: {}", file, e.getMessage());
        }
    }
}
