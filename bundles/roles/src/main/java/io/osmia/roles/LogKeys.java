package io.osmia.roles;

import java.util.SortedSet;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's log keys as this manager holds them: AES-256 keys by version, in the key file, under the unlock key when there
 * is one. Each change is on disk before the call returns. Thread-safe.
 */
public interface LogKeys {

    /** Version that nothing is sealed with. */
    int NOT_SEALED = 0;

    /** Version that new records are sealed with; {@link #NOT_SEALED} when sealing is off. */
    int current();

    /** The key of a version, or null when this manager does not have it. */
    @Nullable
    SecretKey key(int version);

    /** Versions held. */
    SortedSet<Integer> versions();

    /** Keeps a key without using it yet; the same again changes nothing. */
    void learn(int version, SecretKey key);

    /**
     * Seals with this version from now on.
     *
     * @throws IllegalArgumentException when the key is not held
     */
    void use(int version);

    /** Forgets a version that no record needs any more; the one in use stays. */
    void drop(int version);
}
