package io.osmia.ca.internal;

import io.osmia.ca.CaException;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/** Private keys in PKCS#8, which is how nodes keep theirs (rule 7.3.1). */
public final class PrivateKeys {

    private static final List<String> ALGORITHMS = List.of("EC", "RSA");

    private PrivateKeys() {}

    /** A new ECDSA P-256 key pair. */
    public static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("this Java runtime lacks ECDSA P-256", e);
        }
    }

    /** @throws CaException {@code malformed private key} */
    public static PrivateKey parse(byte[] pkcs8) {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException ofAnotherKind) {
                continue;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java runtime lacks " + algorithm + " keys", e);
            }
        }
        throw new CaException("malformed private key");
    }
}
