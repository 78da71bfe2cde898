package io.osmia.raft.internal.seal;

import java.nio.ByteBuffer;

/**
 * The layout of a sealed snapshot behind its key version: 16 random bytes, then chunks of {length of the rest, 4 bytes; nonce;
 * ciphertext}. Bound to each chunk: the random bytes, its place, and whether it is the last one, which is shorter or empty. So
 * one that is missing, moved, or from elsewhere is found, and so is a missing end.
 */
final class Chunks {

    static final int CLEAR_BYTES = 1 << 16;
    static final int SEALED_BYTES = CLEAR_BYTES + Gcm.OVERHEAD;
    static final int ID_BYTES = 16;

    private final byte[] bound;
    private long place;

    Chunks(String clusterId, int version, byte[] id) {
        byte[] common = Gcm.bound("osmia snapshot", clusterId, version);
        this.bound = ByteBuffer.allocate(common.length + ID_BYTES + Long.BYTES + 1)
                .put(common)
                .put(id)
                .array();
    }

    /** What is bound to the next chunk. */
    byte[] next(boolean last) {
        ByteBuffer.wrap(bound).putLong(bound.length - Long.BYTES - 1, place++).put(bound.length - 1,
                (byte) (last ? 1 : 0));
        return bound;
    }
}
