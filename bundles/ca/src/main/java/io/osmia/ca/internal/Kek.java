package io.osmia.ca.internal;

import io.osmia.ca.CaException;
import io.osmia.wire.UnlockKey;
import java.util.Arrays;
import java.util.Optional;

/**
 * The key that a key file is encrypted with (rule 7.12.3). Immutable.
 *
 * @param key 32 bytes; empty when the file is not encrypted
 * @param version of the cluster object that said so; 0 initially
 */
public record Kek(Optional<byte[]> key, long version) {

    /** No unlock key has ever been set (rule 7.12.2). */
    public static final Kek NONE = new Kek(Optional.empty(), 0);

    /** @throws CaException when the key has another length */
    public Kek {
        if (key.isPresent() && key.get().length != UnlockKey.BYTES) {
            throw new CaException("an unlock key has " + UnlockKey.BYTES + " bytes, the cluster's has "
                    + key.get().length + "; rotate it with 'osmia cluster unlock-key --rotate'");
        }
    }

    /**
     * What holds after the cluster has said something (rule 7.12.5).
     *
     * @return this very object when nothing changes
     * @throws CaException when the version is known with another key
     */
    public Kek follow(Optional<byte[]> newKey, long newVersion) {
        boolean same = hasKey(newKey);
        if (newVersion == version && !same) {
            throw new CaException("got a different unlock key with the same version " + version
                    + "; the key file stays as it is");
        }
        return newVersion < version || same ? this : new Kek(newKey, newVersion);
    }

    private boolean hasKey(Optional<byte[]> other) {
        return Arrays.equals(key.orElse(new byte[0]), other.orElse(new byte[0]));
    }
}
