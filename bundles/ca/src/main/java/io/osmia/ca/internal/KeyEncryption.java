package io.osmia.ca.internal;

import io.osmia.ca.CaException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/** PKCS#8 keys under a password of raw bytes (rule 7.12.4): PBES2 with PBKDF2 and AES-256-CBC. */
final class KeyEncryption {

    private static final int ITERATIONS = 2048;
    /** More is no key file of ours but one that is to keep us busy. */
    private static final int MOST_ITERATIONS = 10_000_000;
    private static final int SALT_BYTES = 8;
    private static final int IV_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private KeyEncryption() {}

    /** DER of an EncryptedPrivateKeyInfo. */
    static byte[] encrypt(byte[] pkcs8, byte[] password) {
        byte[] salt = random(SALT_BYTES);
        byte[] iv = random(IV_BYTES);
        PBKDF2Params derivation = new PBKDF2Params(salt, ITERATIONS);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, derive(derivation, password), iv, pkcs8);
        PBES2Parameters parameters = new PBES2Parameters(
                new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2, derivation),
                new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(iv)));
        try {
            return new EncryptedPrivateKeyInfo(
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, parameters), sealed)
                    .getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException("encoding of an encrypted key", e);
        }
    }

    /**
     * The PKCS#8 bytes inside.
     *
     * @throws CaException when the password is not the one, or it is encrypted in another way
     */
    static byte[] decrypt(byte[] der, byte[] password) {
        EncryptedPrivateKeyInfo info;
        PBES2Parameters parameters;
        PBKDF2Params derivation;
        byte[] iv;
        try {
            info = EncryptedPrivateKeyInfo.getInstance(der);
            parameters = PBES2Parameters.getInstance(info.getEncryptionAlgorithm().getParameters());
            derivation = PBKDF2Params.getInstance(parameters.getKeyDerivationFunc().getParameters());
            iv = ASN1OctetString.getInstance(parameters.getEncryptionScheme().getParameters()).getOctets();
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new CaException("malformed encrypted private key", e);
        }
        boolean known = info.getEncryptionAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)
                && parameters.getKeyDerivationFunc().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)
                && parameters.getEncryptionScheme().getAlgorithm().equals(NISTObjectIdentifiers.id_aes256_CBC)
                && iv.length == IV_BYTES
                && derivation.getIterationCount().bitLength() < Integer.SIZE
                && derivation.getIterationCount().intValue() <= MOST_ITERATIONS;
        if (!known) {
            throw new CaException("unsupported encryption of the private key");
        }
        return cipher(Cipher.DECRYPT_MODE, derive(derivation, password), iv, info.getEncryptedData());
    }

    private static byte[] derive(PBKDF2Params how, byte[] password) {
        AlgorithmIdentifier prf = how.getPrf();
        boolean sha256 = prf.getAlgorithm().equals(PKCSObjectIdentifiers.id_hmacWithSHA256);
        if (!sha256 && !prf.getAlgorithm().equals(PKCSObjectIdentifiers.id_hmacWithSHA1)) {
            throw new CaException("unsupported encryption of the private key");
        }
        PKCS5S2ParametersGenerator generator =
                new PKCS5S2ParametersGenerator(sha256 ? new SHA256Digest() : new SHA1Digest());
        generator.init(password, how.getSalt(), how.getIterationCount().intValue());
        return ((KeyParameter) generator.generateDerivedMacParameters(KEY_BYTES * Byte.SIZE)).getKey();
    }

    private static byte[] cipher(int mode, byte[] key, byte[] iv, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new CaException("the private key cannot be decrypted with this key", e);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
