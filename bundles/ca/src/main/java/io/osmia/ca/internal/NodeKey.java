package io.osmia.ca.internal;

import io.osmia.ca.CaException;
import java.security.PrivateKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The content of a key file (rules 7.12.2 to 7.12.4). Immutable.
 *
 * @param others headers that are not ours, kept as they are
 */
public record NodeKey(PrivateKey key, Kek kek, LogKeyRing logKeys, Map<String, String> others) {

    private static final String KEK_VERSION = "kek-version";
    private static final String LOCKED = "node is locked, and needs a valid unlock key";

    public NodeKey(PrivateKey key, Kek kek) {
        this(key, kek, LogKeyRing.EMPTY, Map.of());
    }

    public NodeKey {
        others = new LinkedHashMap<>(others);
    }

    public NodeKey with(PrivateKey newKey) {
        return new NodeKey(newKey, kek, logKeys, others);
    }

    public NodeKey with(Kek newKek) {
        return new NodeKey(key, newKek, logKeys, others);
    }

    NodeKey with(LogKeyRing newLogKeys) {
        return new NodeKey(key, kek, newLogKeys, others);
    }

    /** As a worker has it: nothing of the managers (rule 7.5.5). */
    public NodeKey ofWorker() {
        return new NodeKey(key, Kek.NONE, LogKeyRing.EMPTY, others);
    }

    /** The bytes of the file. */
    public byte[] encode() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(KEK_VERSION, Long.toString(kek.version()));
        headers.putAll(logKeys.headers(kek.key()));
        headers.putAll(others);
        byte[] pkcs8 = key.getEncoded();
        Pem block = kek.key()
                .map(secret -> new Pem(Pem.ENCRYPTED_KEY, headers, KeyEncryption.encrypt(pkcs8, secret)))
                .orElseGet(() -> new Pem(Pem.PRIVATE_KEY, headers, pkcs8));
        return block.encode();
    }

    /**
     * Reads a block of a key file.
     *
     * @param unlockKey needed when it is encrypted, not looked at otherwise
     * @throws CaException what is wrong with it
     */
    public static NodeKey parse(Pem block, Optional<byte[]> unlockKey) {
        boolean encrypted = block.type().equals(Pem.ENCRYPTED_KEY);
        if (!encrypted && !block.type().equals(Pem.PRIVATE_KEY)) {
            throw new CaException("a PRIVATE KEY is wanted, it holds a " + block.type());
        }
        Optional<byte[]> kek = encrypted ? unlockKey : Optional.empty();
        PrivateKey key = encrypted
                ? unlock(block.der(), unlockKey.orElseThrow(() -> new CaException(LOCKED
                        + ": give the one shown by 'osmia cluster unlock-key' when it was locked, with --unlock-key")))
                : PrivateKeys.parse(block.der());
        Map<String, String> others = new LinkedHashMap<>(block.headers());
        String version = others.remove(KEK_VERSION);
        others.keySet().removeIf(name -> name.startsWith(LogKeyRing.PREFIX));
        return new NodeKey(
                key, new Kek(kek, version(version == null ? "0" : version)), LogKeyRing.parse(block.headers(), kek),
                others);
    }

    private static PrivateKey unlock(byte[] der, byte[] unlockKey) {
        try {
            return PrivateKeys.parse(KeyEncryption.decrypt(der, unlockKey));
        } catch (CaException e) {
            throw new CaException(LOCKED + ": the one given with --unlock-key is another than it was locked with ("
                    + e.getMessage() + ")", e);
        }
    }

    private static long version(String digits) {
        try {
            return Long.parseUnsignedLong(digits.strip());
        } catch (NumberFormatException e) {
            throw new CaException("its " + KEK_VERSION + " is no number: " + digits, e);
        }
    }
}
