package io.osmia.raft.internal.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** AES-256-GCM with a random nonce of 96 bits before the ciphertext. What is bound to it is not stored with it. */
final class Gcm {

    static final int NONCE_BYTES = 12;
    static final int TAG_BYTES = 16;
    static final int OVERHEAD = NONCE_BYTES + TAG_BYTES;

    private static final SecureRandom RANDOM = new SecureRandom();

    private Gcm() {}

    /** Writes nonce, ciphertext and tag into {@code out} from {@code at} on; there must be room. */
    static void seal(SecretKey key, byte[] bound, byte[] clear, int length, byte[] out, int at) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        System.arraycopy(nonce, 0, out, at, NONCE_BYTES);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, bound);
            cipher.doFinal(clear, 0, length, out, at + NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a JDK without AES-GCM, or a key that is none", e);
        }
    }

    /** @throws AEADBadTagException when it was not sealed with this key, bound to this, and left alone since */
    static byte[] open(SecretKey key, byte[] bound, ByteBuffer sealed) throws AEADBadTagException {
        byte[] nonce = new byte[NONCE_BYTES];
        byte[] rest = new byte[sealed.remaining() - NONCE_BYTES];
        sealed.duplicate().get(nonce).get(rest);
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce, bound).doFinal(rest);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a JDK without AES-GCM, or a key that is none", e);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] bound)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
        cipher.updateAAD(bound);
        return cipher;
    }

    /** What is bound: kind of record, cluster, key version. */
    static byte[] bound(String kind, String clusterId, int version) {
        byte[] text = (kind + '\0' + clusterId + '\0').getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(text.length + Integer.BYTES).put(text).putInt(version).array();
    }
}
