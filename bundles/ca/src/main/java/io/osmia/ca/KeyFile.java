package io.osmia.ca;

import java.util.Optional;

/** The file with the node's private key, as far as others have a say in it. */
public interface KeyFile {

    /**
     * Encrypts the key file with the cluster's unlock key, or no longer encrypts it (rule 7.12.5). An older version or the same
     * key changes nothing, and on a worker nothing does. On disk when this returns.
     *
     * @param key 32 bytes; empty when the cluster has none
     * @param version of the cluster object that says so
     * @throws CaException when the version is the one that is known and the key is another, or the file cannot be written
     */
    void unlockKey(Optional<byte[]> key, long version);
}
