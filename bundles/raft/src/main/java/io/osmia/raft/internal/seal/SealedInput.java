package io.osmia.raft.internal.seal;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** Opens a snapshot chunk by chunk while it is read. */
final class SealedInput extends InputStream {

    private final DataInputStream in;
    private final SecretKey key;
    private final Chunks chunks;
    private byte[] clear = {};
    private int at;
    private boolean last;

    private SealedInput(DataInputStream in, SecretKey key, Chunks chunks) {
        this.in = in;
        this.key = key;
        this.chunks = chunks;
    }

    static SealedInput begin(InputStream source, SecretKey key, String clusterId, int version) throws IOException {
        DataInputStream in = new DataInputStream(source);
        byte[] id = new byte[Chunks.ID_BYTES];
        try {
            in.readFully(id);
        } catch (EOFException e) {
            throw cutOff(e);
        }
        return new SealedInput(in, key, new Chunks(clusterId, version, id));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        while (at == clear.length) {
            if (last) {
                return -1;
            }
            chunk();
        }
        int some = Math.min(count, clear.length - at);
        System.arraycopy(clear, at, bytes, offset, some);
        at += some;
        return some;
    }

    private void chunk() throws IOException {
        byte[] sealed;
        try {
            int length = in.readInt();
            if (length < Gcm.OVERHEAD || length > Chunks.SEALED_BYTES) {
                throw damaged();
            }
            sealed = new byte[length];
            in.readFully(sealed);
        } catch (EOFException e) {
            throw cutOff(e);
        }
        // The place is counted once; whether it is the end shows by which of the two opens it.
        byte[] bound = chunks.next(false);
        byte @Nullable [] opened = sealed.length == Chunks.SEALED_BYTES ? tryOpen(bound, sealed) : null;
        if (opened == null) {
            bound[bound.length - 1] = 1;
            opened = tryOpen(bound, sealed);
            last = true;
        }
        if (opened == null) {
            throw damaged();
        }
        clear = opened;
        at = 0;
    }

    private byte @Nullable [] tryOpen(byte[] bound, byte[] sealed) {
        try {
            return Gcm.open(key, bound, ByteBuffer.wrap(sealed));
        } catch (AEADBadTagException e) {
            return null;
        }
    }

    private static IOException damaged() {
        return new IOException("the sealed snapshot is damaged, or of another cluster");
    }

    private static IOException cutOff(EOFException cause) {
        return new IOException("the sealed snapshot is cut off", cause);
    }
}
