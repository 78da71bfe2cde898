package io.osmia.plugins.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
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
    /** Where people find them. */
    static final String PLACE = "conf/plugin-trust";

    Trust {
        folders = List.copyOf(folders);
    }

    /** Why the jar is not to be trusted; empty when somebody whom the node trusts signed every entry. */
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
        try (JarCopy copy = JarCopy.of(jar); JarFile file = new JarFile(copy.file().toFile(), true)) {
            @Nullable Set<CodeSigner> common = null;
            for (JarEntry entry : Collections.list(file.entries())) {
                boolean empty = drain(file, entry) == 0; // only then its signers are known
                if (isSignature(entry.getName()) || (entry.isDirectory() && empty)) {
                    continue;
                }
                CodeSigner @Nullable [] signers = entry.getCodeSigners();
                if (signers == null) {
                    return unsigned("its entry " + entry.getName() + " is not");
                }
                if (common == null) {
                    common = new LinkedHashSet<>(List.of(signers));
                } else {
                    common.retainAll(List.of(signers));
                }
            }
            return common == null ? unsigned("nothing in it is") : objection(common, trusted);
        }
    }

    private static long drain(JarFile file, JarEntry entry) throws IOException {
        try (InputStream in = file.getInputStream(entry)) {
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static Optional<String> unsigned(String what) {
        return Optional.of("plugins must be signed in this cluster, and " + what);
    }

    /** @param signers those who signed every entry */
    private static Optional<String> objection(Set<CodeSigner> signers, Set<X509Certificate> trusted) {
        Optional<String> first = Optional.empty();
        for (CodeSigner signer : signers) {
            Optional<String> objection = Signer.of(signer).objection(trusted);
            if (objection.isEmpty()) {
                return Optional.empty();
            }
            first = first.or(() -> objection);
        }
        return first.or(() -> Optional.of("nobody signed all of its entries"));
    }

    /** The files that make up the signature, which cannot be signed themselves. */
    private static boolean isSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.equals(JarFile.MANIFEST_NAME)
                || (upper.startsWith("META-INF/") && upper.indexOf('/', "META-INF/".length()) < 0
                        && upper.matches(".*\\.(SF|RSA|DSA|EC)"));
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
