package io.osmia.raft.internal.seal;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import javax.crypto.SecretKey;

/** Seals a snapshot chunk by chunk while it is written. */
final class SealedOutput extends OutputStream {

    private final DataOutputStream out;
    private final SecretKey key;
    private final Chunks chunks;
    private final byte[] clear = new byte[Chunks.CLEAR_BYTES];
    private final byte[] sealed = new byte[Chunks.SEALED_BYTES];
    private int length;
    private boolean closed;

    private SealedOutput(DataOutputStream out, SecretKey key, Chunks chunks) {
        this.out = out;
        this.key = key;
        this.chunks = chunks;
    }

    static SealedOutput begin(OutputStream target, SecretKey key, String clusterId, int version) throws IOException {
        byte[] id = new byte[Chunks.ID_BYTES];
        new SecureRandom().nextBytes(id);
        DataOutputStream out = new DataOutputStream(target);
        out.write(id);
        return new SealedOutput(out, key, new Chunks(clusterId, version, id));
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        int done = 0;
        while (done < count) {
            if (length == clear.length) {
                chunk(false);
            }
            int some = Math.min(count - done, clear.length - length);
            System.arraycopy(bytes, offset + done, clear, length, some);
            length += some;
            done += some;
        }
    }

    private void chunk(boolean last) throws IOException {
        Gcm.seal(key, chunks.next(last), clear, length, sealed, 0);
        out.writeInt(length + Gcm.OVERHEAD);
        out.write(sealed, 0, length + Gcm.OVERHEAD);
        length = 0;
    }

    /** Writes the end; the stream behind it stays open. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            chunk(true);
            out.flush();
        }
    }
}
