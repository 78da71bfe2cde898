package io.osmia.raft;

import io.osmia.store.StoreMachine;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Cluster;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The state of a cluster in a file, in clear text: {@code OSMB}, format number (4 bytes), cluster id (length, 2 bytes; UTF-8),
 * store version (8 bytes), a snapshot of the store, and the SHA-256 of all before it. Numbers are big-endian.
 *
 * @param file where it is
 * @param clusterId whose state it is
 * @param version of the store
 */
public record Backup(Path file, String clusterId, long version) {

    private static final int MAGIC = 0x4F534D42;
    private static final int FORMAT = 1;
    private static final int SUM_BYTES = 32;

    /** Writes one; the stream is flushed and left open. */
    public static void write(String clusterId, View view, OutputStream target) throws IOException {
        MessageDigest sum = sha256();
        DataOutputStream out = new DataOutputStream(new DigestOutputStream(target, sum));
        out.writeInt(MAGIC);
        out.writeInt(FORMAT);
        out.writeUTF(clusterId);
        out.writeLong(view.version());
        try (StoreMachine writer = new StoreMachine()) {
            writer.writeSnapshot(view, out);
        }
        out.flush();
        target.write(sum.digest());
        target.flush();
    }

    /**
     * A backup that is whole.
     *
     * @throws StateException when it is no backup, of a newer format, cut off or damaged
     */
    public static Backup open(Path file) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            if (in.readInt() != MAGIC) {
                throw new StateException(file, "is no backup of a cluster");
            }
            int format = in.readInt();
            if (format != FORMAT) {
                throw new StateException(file,
                        "is a backup of format " + format + ", this version of osmia reads format "
                                + FORMAT + "; restore it with the version that wrote it, or a newer one");
            }
            Backup backup = new Backup(file, in.readUTF(), in.readLong());
            requireWhole(file);
            return backup;
        } catch (EOFException e) {
            throw new StateException(file, "is no backup of a cluster, or is cut off", e);
        } catch (NoSuchFileException e) {
            throw new StateException(file, "is not there", e);
        } catch (IOException e) {
            throw new StateException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static void requireWhole(Path file) throws IOException {
        MessageDigest sum = sha256();
        long left = Files.size(file) - SUM_BYTES;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] piece = new byte[1 << 16];
            while (left > 0) {
                int read = in.read(piece, 0, (int) Math.min(piece.length, left));
                if (read < 0) {
                    throw new EOFException();
                }
                sum.update(piece, 0, read);
                left -= read;
            }
            if (!Arrays.equals(sum.digest(), in.readNBytes(SUM_BYTES))) {
                throw new StateException(file, "the backup is damaged or cut off: it does not fit its check sum");
            }
        }
    }

    /** The snapshot of the store, and what follows it. */
    public InputStream content() throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
        in.readInt();
        in.readInt();
        in.readUTF();
        in.readLong();
        return in;
    }

    /**
     * The cluster object in it.
     *
     * @throws StateException when it cannot be read, or holds none
     */
    public Cluster cluster() {
        try (StoreMachine read = new StoreMachine(); InputStream in = content()) {
            read.restore(in);
            Cluster cluster = read.committed().get(Table.CLUSTERS, clusterId);
            if (cluster == null) {
                throw new StateException(file, "holds no cluster " + clusterId + ", whose backup it says it is");
            }
            return cluster;
        } catch (IOException e) {
            throw new StateException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a JDK without SHA-256", e);
        }
    }
}
