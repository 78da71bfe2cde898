package io.osmia.ca.internal;

import io.osmia.ca.CaException;
import io.osmia.roles.LogKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The cluster's log keys as headers of the key file, each wrapped with AES-256-GCM under the unlock key when there is one.
 * Immutable.
 */
record LogKeyRing(int current, Map<Integer, byte[]> keys) {

    static final String PREFIX = "osmia-log-key-";
    static final LogKeyRing EMPTY = new LogKeyRing(LogKeys.NOT_SEALED, Map.of());

    private static final String CURRENT = PREFIX + "current";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    LogKeyRing {
        keys = Map.copyOf(keys);
    }

    LogKeyRing with(int version, byte[] key) {
        byte[] held = keys.get(version);
        if (held != null) {
            if (!Arrays.equals(held, key)) {
                throw new CaException("this manager holds another log key with version " + version);
            }
            return this;
        }
        Map<Integer, byte[]> more = new TreeMap<>(keys);
        more.put(version, key.clone());
        return new LogKeyRing(current, more);
    }

    LogKeyRing using(int version) {
        if (!keys.containsKey(version)) {
            throw new IllegalArgumentException("no log key with version " + version + " is held");
        }
        return version == current ? this : new LogKeyRing(version, keys);
    }

    LogKeyRing without(int version) {
        if (version == current || !keys.containsKey(version)) {
            return this;
        }
        Map<Integer, byte[]> fewer = new TreeMap<>(keys);
        fewer.remove(version);
        return new LogKeyRing(current, fewer);
    }

    Map<String, String> headers(Optional<byte[]> kek) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (keys.isEmpty()) {
            return headers;
        }
        headers.put(CURRENT, Integer.toString(current));
        new TreeMap<>(keys).forEach((version, key) -> headers.put(
                PREFIX + version,
                Base64.getEncoder().encodeToString(kek.map(under -> wrap(version, key, under)).orElse(key))));
        return headers;
    }

    /** @throws CaException when a header is damaged or not wrapped under this key */
    static LogKeyRing parse(Map<String, String> headers, Optional<byte[]> kek) {
        int current = LogKeys.NOT_SEALED;
        Map<Integer, byte[]> keys = new TreeMap<>();
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String name = header.getKey();
            if (name.equals(CURRENT)) {
                current = number(name, header.getValue());
            } else if (name.startsWith(PREFIX)) {
                int version = number(name, name.substring(PREFIX.length()));
                keys.put(version, key(name, version, header.getValue(), kek));
            }
        }
        if (current != LogKeys.NOT_SEALED && !keys.containsKey(current)) {
            throw new CaException("log key " + current + " is in use and not there");
        }
        return new LogKeyRing(current, keys);
    }

    private static byte[] key(String name, int version, String value, Optional<byte[]> kek) {
        byte[] stored;
        try {
            stored = Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException e) {
            throw new CaException(name + " is not base 64", e);
        }
        byte[] key = kek.isPresent() ? unwrap(version, stored, kek.get()) : stored;
        if (key.length != 32) {
            throw new CaException(name + " is no AES-256 key");
        }
        return key;
    }

    private static int number(String name, String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new CaException(name + " has no number in it", e);
        }
    }

    private static byte[] wrap(int version, byte[] key, byte[] kek) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = gcm(Cipher.ENCRYPT_MODE, version, kek, nonce).doFinal(key);
            return ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM", e);
        }
    }

    private static byte[] unwrap(int version, byte[] stored, byte[] kek) {
        if (stored.length < NONCE_BYTES) {
            throw new CaException(PREFIX + version + " is too short");
        }
        byte[] nonce = Arrays.copyOf(stored, NONCE_BYTES);
        try {
            return gcm(Cipher.DECRYPT_MODE, version, kek, nonce)
                    .doFinal(stored, NONCE_BYTES, stored.length - NONCE_BYTES);
        } catch (AEADBadTagException e) {
            throw new CaException(PREFIX + version + " is not sealed with the unlock key", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM", e);
        }
    }

    private static Cipher gcm(int mode, int version, byte[] kek, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(kek, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD((PREFIX + version).getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }
}
