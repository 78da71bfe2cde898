package io.osmia.shell.internal.connect;

import io.osmia.shell.NotReachable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a node keeps in the folder {@code certificates} of its state directory (rule 7.12).
 *
 * @param key of the first certificate
 * @param chain the node's certificate and what leads to the root
 * @param roots who is trusted
 */
record NodeIdentity(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> roots) {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    NodeIdentity {
        chain = List.copyOf(chain);
        roots = List.copyOf(roots);
    }

    static NodeIdentity read(Path folder) throws NotReachable {
        List<X509Certificate> chain = certificates(folder.resolve("swarm-node.crt"));
        List<X509Certificate> roots = certificates(folder.resolve("swarm-root-ca.crt"));
        return new NodeIdentity(key(folder.resolve("swarm-node.key"), chain.getFirst()), chain, roots);
    }

    private static List<X509Certificate> certificates(Path file) throws NotReachable {
        try {
            List<X509Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (found.isEmpty()) {
                throw unusable(file, "there is none in it");
            }
            return found;
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (CertificateException e) {
            throw unusable(file, String.valueOf(e.getMessage()));
        }
    }

    private static PrivateKey key(Path file, X509Certificate certificate) throws NotReachable {
        String pem;
        try {
            pem = Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (pem.contains("ENCRYPTED")) {
            throw unusable(file,
                    "it is locked; use the manager's socket, or the folder of a manager that is not locked");
        }
        if (begin < 0 || end < begin) {
            throw unusable(file, "no private key is in it");
        }
        // Headers such as kek-version stand before the key.
        String base64 = pem.substring(begin + BEGIN.length(), end)
                .lines()
                .filter(line -> !line.contains(":"))
                .collect(Collectors.joining());
        try {
            return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64.strip())));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw unusable(file, String.valueOf(e.getMessage()));
        }
    }

    private static NotReachable unreadable(Path file, IOException e) {
        return new NotReachable("cannot read " + file + " (" + e.getClass().getSimpleName()
                + "); --certificates names the folder 'certificates' of a manager's state directory");
    }

    private static NotReachable unusable(Path file, String why) {
        return new NotReachable("cannot use " + file + ": " + why);
    }
}
