package io.osmia.raft.internal.seal;

import io.osmia.raft.MissingKey;
import io.osmia.raft.internal.Records;
import io.osmia.roles.LogKeys;
import io.osmia.wire.osmia.LogEntry;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals what goes to disk with the log key in use, and opens what comes from it. A sealed record is {key version, 4 bytes
 * big-endian; nonce; ciphertext}, with kind of record, cluster id and key version bound to it. Version 0 is clear text.
 *
 * <p>A record whose key is not held: waits until another manager has given it, or this is closed.
 */
public final class Sealer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sealer.class);
    private static final String ENTRY = "osmia log entry";
    private static final long PAUSE_MILLIS = 200;
    private static final int WARN_EVERY = 50;

    private final String clusterId;
    private final @Nullable LogKeys keys;
    private final MissingKey missing;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** @param keys null leaves everything in clear text */
    public Sealer(String clusterId, @Nullable LogKeys keys, MissingKey missing) {
        this.clusterId = clusterId;
        this.keys = keys;
        this.missing = missing;
    }

    /** Version that is sealed with; 0 for clear text. */
    public int current() {
        return keys == null ? LogKeys.NOT_SEALED : keys.current();
    }

    /** Versions held that are older than the one in use; a copy. */
    public SortedSet<Integer> former() {
        return keys == null ? new TreeSet<>() : new TreeSet<>(keys.versions().headSet(keys.current()));
    }

    /** Forgets a key. */
    public void drop(int version) {
        if (keys != null) {
            LOG.info("raft: nothing is sealed with log key {} any more, it is forgotten", version);
            keys.drop(version);
        }
    }

    public byte[] seal(LogEntry entry) {
        int version = current();
        if (version == LogKeys.NOT_SEALED) {
            return Records.encode(entry);
        }
        return seal(version, entry.toByteArray());
    }

    /** Seals the payload of a record that was in clear text. */
    byte[] seal(int version, byte[] payload) {
        byte[] record = new byte[Records.HEADER_BYTES + payload.length + Gcm.OVERHEAD];
        ByteBuffer.wrap(record).putInt(version);
        Gcm.seal(held(version), bound(version), payload, payload.length, record, Records.HEADER_BYTES);
        return record;
    }

    private SecretKey held(int version) {
        SecretKey key = keys == null ? null : keys.key(version);
        if (key == null) {
            throw new IllegalStateException("log key " + version + " is in use and not held");
        }
        return key;
    }

    private byte[] bound(int version) {
        return Gcm.bound(ENTRY, clusterId, version);
    }

    /**
     * What a record holds. A version that is newer than the one in use is used from then on: the leader does.
     *
     * @throws IOException when it is damaged, of a newer format, or this was closed while waiting for the key
     */
    public LogEntry open(ByteBuffer record) throws IOException {
        int version = Records.keyVersion(record);
        if (version == LogKeys.NOT_SEALED) {
            return Records.decode(record);
        }
        Records.requireKnown(record.duplicate(), true);
        SecretKey key = await(version);
        ByteBuffer sealed = record.duplicate().position(record.position() + Records.HEADER_BYTES);
        try {
            LogEntry entry = Records.decodePayload(ByteBuffer.wrap(Gcm.open(key, bound(version), sealed)));
            follow(version);
            return entry;
        } catch (AEADBadTagException e) {
            throw new IOException("a log entry cannot be opened with log key " + Integer.toUnsignedString(version)
                    + ": it is damaged, or of another cluster", e);
        }
    }

    private void follow(int version) {
        if (keys != null && version > keys.current()) {
            LOG.info("raft: log key {} is in use", version);
            keys.use(version);
        }
    }

    /** The key, as soon as it is there. */
    private SecretKey await(int version) throws IOException {
        if (keys == null) {
            throw new IOException(Records.notHeld(version));
        }
        for (int round = 0;; round++) {
            SecretKey key = keys.key(version);
            if (key != null) {
                return key;
            }
            if (round % WARN_EVERY == 0) {
                LOG.warn("raft: a record is {}; asking other managers", Records.notHeld(version));
            }
            missing.fetch(version);
            if (keys.key(version) == null) {
                pause(version);
            }
        }
    }

    private void pause(int version) throws IOException {
        try {
            if (closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IOException("closed while waiting for log key " + Integer.toUnsignedString(version));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for log key " + Integer.toUnsignedString(version), e);
        }
    }

    /** What is written to it goes sealed to {@code out}; complete when it is closed, which leaves {@code out} open. */
    public OutputStream snapshotTo(OutputStream out) throws IOException {
        int version = current();
        new DataOutputStream(out).writeInt(version);
        return version == LogKeys.NOT_SEALED
                ? new KeptOpen(out)
                : SealedOutput.begin(out, held(version), clusterId, version);
    }

    /** The content of a snapshot. A piece that is missing, out of place or changed is an IOException. */
    public InputStream snapshotFrom(InputStream in) throws IOException {
        int version = new DataInputStream(in).readInt();
        if (version == LogKeys.NOT_SEALED) {
            return in;
        }
        InputStream content = SealedInput.begin(in, await(version), clusterId, version);
        follow(version);
        return content;
    }

    /** Who waits for a key waits no longer. */
    @Override
    public void close() {
        closed.countDown();
    }

    /** Flushes when it is closed. */
    private static final class KeptOpen extends FilterOutputStream {

        KeptOpen(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
