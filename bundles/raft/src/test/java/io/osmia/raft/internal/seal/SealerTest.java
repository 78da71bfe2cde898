package io.osmia.raft.internal.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.raft.MemoryKeys;
import io.osmia.raft.MissingKey;
import io.osmia.wire.osmia.LogEntry;
import io.osmia.wire.osmia.Transaction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** MGR-007 in intent: what is on disk is sealed, and only with its key comes back. */
class SealerTest {

    private static final int CHUNK = Chunks.CLEAR_BYTES;

    private static final LogEntry ENTRY = LogEntry.newBuilder()
            .setFormat(1)
            .addTransactions(Transaction.newBuilder().setVersion(77))
            .build();

    private final MemoryKeys keys = MemoryKeys.first();
    private final Sealer sealer = new Sealer("cluster1", keys, MissingKey.NOBODY);

    @Test
    void aRecordComesBackAndIsNeverTwiceTheSame() throws IOException {
        byte[] record = sealer.seal(ENTRY);
        assertThat(record).startsWith(0, 0, 0, 1).isNotEqualTo(sealer.seal(ENTRY));
        assertThat(sealer.open(ByteBuffer.wrap(record))).isEqualTo(ENTRY);
    }

    @Property(tries = 200)
    void aRecordWithAChangedBitIsRefused(@ForAll @IntRange(min = 32, max = 400) int bit) {
        byte[] record = sealer.seal(ENTRY);
        int at = bit % (8 * (record.length - 4)) + 32;
        record[at / 8] ^= (byte) (1 << at % 8);
        assertThatThrownBy(() -> sealer.open(ByteBuffer.wrap(record))).hasMessageContaining("cannot be opened");
    }

    @Test
    void aRecordOfAnotherClusterIsRefused() {
        byte[] record = new Sealer("cluster2", keys, MissingKey.NOBODY).seal(ENTRY);
        assertThatThrownBy(() -> sealer.open(ByteBuffer.wrap(record))).hasMessageContaining("another cluster");
    }

    @Test
    void aRecordUnderAnotherVersionOfTheSameKeyIsRefused() {
        keys.learn(2, MemoryKeys.ofSeed(1));
        byte[] record = sealer.seal(ENTRY);
        record[3] = 2;
        assertThatThrownBy(() -> sealer.open(ByteBuffer.wrap(record))).hasMessageContaining("log key 2");
    }

    @Test
    void aNewerVersionIsUsedFromThenOn() throws IOException {
        byte[] former = sealer.seal(ENTRY);
        MemoryKeys leader = MemoryKeys.first();
        leader.learn(2, MemoryKeys.ofSeed(2));
        leader.use(2);
        keys.learn(2, MemoryKeys.ofSeed(2));
        sealer.open(ByteBuffer.wrap(new Sealer("cluster1", leader, MissingKey.NOBODY).seal(ENTRY)));
        assertThat(keys.current()).isEqualTo(2);
        sealer.open(ByteBuffer.wrap(former));
        assertThat(keys.current()).as("an older record changes nothing").isEqualTo(2);
    }

    @Test
    void aRecordWaitsForItsKey() throws Exception {
        byte[] record = sealer.seal(ENTRY);
        MemoryKeys late = new MemoryKeys();
        CountDownLatch asked = new CountDownLatch(2);
        Sealer waiting = new Sealer("cluster1", late, version -> {
            asked.countDown();
            if (asked.getCount() == 0) {
                late.learn(version, MemoryKeys.ofSeed(1));
            }
        });
        assertThat(waiting.open(ByteBuffer.wrap(record))).isEqualTo(ENTRY);
        assertThat(asked.getCount()).isZero();
    }

    @Test
    void whoWaitsForAKeyIsFreedWhenTheNodeCloses() throws Exception {
        byte[] record = sealer.seal(ENTRY);
        CountDownLatch asked = new CountDownLatch(1);
        Sealer waiting = new Sealer("cluster1", new MemoryKeys(), version -> asked.countDown());
        FutureTask<LogEntry> opening = new FutureTask<>(() -> waiting.open(ByteBuffer.wrap(record)));
        Thread.ofPlatform().daemon().start(opening);
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        waiting.close();
        assertThatThrownBy(() -> opening.get(10, TimeUnit.SECONDS)).hasMessageContaining("closed while waiting");
    }

    private byte[] snapshot(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream sealed = sealer.snapshotTo(out)) {
            sealed.write(content);
        }
        return out.toByteArray();
    }

    private byte[] read(byte[] snapshot) throws IOException {
        try (InputStream in = sealer.snapshotFrom(new ByteArrayInputStream(snapshot))) {
            return in.readAllBytes();
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aSnapshotOfAnyLengthComesBack() throws IOException {
        for (int length : new int[] {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17}) {
            assertThat(read(snapshot(random(length)))).as("%d bytes", length).isEqualTo(random(length));
        }
    }

    @Property(tries = 60)
    void aSnapshotThatIsCutOffAnywhereIsRefused(@ForAll @IntRange(min = 4, max = 2 * CHUNK) int left)
            throws IOException {
        byte[] whole = snapshot(random(2 * CHUNK + 100));
        assertThatThrownBy(() -> read(Arrays.copyOf(whole, left))).isInstanceOf(IOException.class);
    }

    @Test
    void aSnapshotWithoutItsLastChunkIsRefused() throws IOException {
        byte[] whole = snapshot(random(2 * CHUNK));
        int twoChunks = 4 + Chunks.ID_BYTES + (4 + Chunks.SEALED_BYTES);
        assertThatThrownBy(() -> read(Arrays.copyOf(whole, twoChunks))).hasMessageContaining("cut off");
    }

    @Test
    void chunksThatChangedPlacesAreRefused() throws IOException {
        byte[] whole = snapshot(random(3 * CHUNK));
        byte[] swapped = whole.clone();
        int chunk = 4 + Chunks.SEALED_BYTES;
        int first = 4 + Chunks.ID_BYTES;
        System.arraycopy(whole, first, swapped, first + chunk, chunk);
        System.arraycopy(whole, first + chunk, swapped, first, chunk);
        assertThatThrownBy(() -> read(swapped)).hasMessageContaining("damaged");
    }

    @Test
    void aChunkOfAnotherSnapshotIsRefused() throws IOException {
        byte[] one = snapshot(random(3 * CHUNK));
        byte[] other = snapshot(random(3 * CHUNK));
        int first = 4 + Chunks.ID_BYTES;
        System.arraycopy(other, first, one, first, 4 + Chunks.SEALED_BYTES);
        assertThatThrownBy(() -> read(one)).hasMessageContaining("damaged");
    }
}
