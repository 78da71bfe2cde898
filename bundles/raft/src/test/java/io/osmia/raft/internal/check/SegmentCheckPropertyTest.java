package io.osmia.raft.internal.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import com.google.protobuf.ByteString;
import io.osmia.raft.StateException;
import io.osmia.raft.internal.Records;
import io.osmia.wire.osmia.LogEntry;
import io.osmia.wire.osmia.Transaction;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.SecretSpec;
import io.osmia.wire.swarmkit.StoreAction;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/** Any damage to a segment is found, and only a half-written last record is taken for one. */
class SegmentCheckPropertyTest {

    private static Path directory;

    @BeforeContainer
    static void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("segments");
    }

    @AfterContainer
    static void removeDirectory() throws IOException {
        Files.deleteIfExists(directory.resolve("log_inprogress_10"));
        Files.delete(directory);
    }

    /** Sizes of payloads and the seed of their bytes; the last one may span sectors and pages. */
    record Log(List<Integer> sizes, long seed, int zeros) {

        byte[] bytes() {
            return Arrays.copyOf(written(sizes.size()), written(sizes.size()).length + zeros);
        }

        /** Header and the first records. */
        byte[] written(int records) {
            Random random = new Random(seed);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < records; i++) {
                byte[] payload = new byte[sizes.get(i)];
                random.nextBytes(payload);
                out.writeBytes(record(10 + i, payload));
            }
            return out.toByteArray();
        }

        int lastOffset() {
            return written(sizes.size() - 1).length;
        }

        int end() {
            return written(sizes.size()).length;
        }
    }

    private static byte[] record(long index, byte[] payload) {
        SecretSpec spec = SecretSpec.newBuilder().setData(ByteString.copyFrom(payload)).build();
        StoreAction action = StoreAction.newBuilder()
                .setSecret(Secret.newBuilder().setSpec(spec))
                .build();
        LogEntry entry = LogEntry.newBuilder()
                .setFormat(1)
                .addTransactions(Transaction.newBuilder().setVersion(index).addActions(action))
                .build();
        LogEntryProto proto = LogEntryProto.newBuilder()
                .setTerm(3)
                .setIndex(index)
                .setStateMachineLogEntry(StateMachineLogEntryProto.newBuilder()
                        .setLogData(UnsafeByteOperations.unsafeWrap(Records.encode(entry))))
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            proto.writeDelimitedTo(out);
            CRC32C crc = new CRC32C();
            crc.update(bytes.toByteArray());
            out.writeInt((int) crc.getValue());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    @Provide
    Arbitrary<Log> logs() {
        Arbitrary<Integer> size = Arbitraries.integers().between(1, 9000);
        return size.list().ofMinSize(1).ofMaxSize(6).flatMap(sizes -> Arbitraries.longs()
                .flatMap(seed -> Arbitraries.of(0, 1, 600, 5000).map(zeros -> new Log(sizes, seed, zeros))));
    }

    private static Optional<TornTail> check(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("log_inprogress_10"), bytes);
        return new SegmentCheck(new SegmentName(file, 10, -1), false, 1).run();
    }

    @Property(tries = 200)
    void wholeSegmentsPass(@ForAll("logs") Log log) throws IOException {
        assertThat(check(log.bytes())).isEmpty();
    }

    @Property(tries = 1000)
    void aFlippedBitIsDamageWhereverItIs(@ForAll("logs") Log log, @ForAll @IntRange(min = 0) int where)
            throws IOException {
        byte[] bytes = log.bytes();
        int bit = where % (log.end() * 8);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        // The length of the last record, made greater than the file: it looks like one that the file's end cut off.
        Assume.that(!(bit / 8 - log.lastOffset() < 3 && bit / 8 >= log.lastOffset() && log.zeros() < 600));
        // A sector's share of one or two bytes may be zero by nature: then a crash is believed.
        SegmentBytes flipped = new SegmentBytes(bytes);
        Assume.that(sectors(log).stream().noneMatch(s -> flipped.zeros(s[0], s[1])));
        assertThatThrownBy(() -> check(bytes)).isInstanceOf(StateException.class);
    }

    @Property(tries = 500)
    void aFileThatEndsWithinItsLastRecordIsTorn(@ForAll("logs") Log log, @ForAll @IntRange(min = 0) int where)
            throws IOException {
        int last = log.lastOffset();
        int keep = last + 1 + where % (log.end() - last - 1);
        byte[] bytes = Arrays.copyOf(log.bytes(), keep);
        Assume.that(bytes[keep - 1] != 0);
        assertThat(check(bytes)).map(TornTail::offset).contains((long) last);
    }

    @Property(tries = 500)
    void aLastRecordWithUnwrittenSectorsIsTorn(
            @ForAll("logs") Log log, @ForAll List<Boolean> written, @ForAll @IntRange(min = 1, max = 20) int page)
            throws IOException {
        byte[] bytes = log.bytes();
        List<int[]> sectors = sectors(log);
        Assume.that(sectors.size() > 1);
        boolean missing = false;
        for (int i = 0; i < sectors.size(); i++) {
            boolean there = i < sectors.size() - 1 && (written.size() <= i ? i < page : written.get(i));
            if (!there) {
                Arrays.fill(bytes, sectors.get(i)[0], sectors.get(i)[1], (byte) 0);
                missing = true;
            }
        }
        assertThat(missing).isTrue();
        Optional<TornTail> torn = check(bytes);
        boolean nothingLeft = new SegmentBytes(bytes).endsAt(log.lastOffset());
        assertThat(torn.isPresent()).isEqualTo(!nothingLeft);
    }

    /** The first byte of its length is the last of one sector, and the next sector is the one that is missing. */
    @Example
    void aRecordWhoseLengthIsHalfWrittenIsTorn() throws IOException {
        Log log = IntStream.range(1, 1023)
                .mapToObj(size -> new Log(List.of(size, 2000), 1, 0))
                .filter(candidate -> candidate.lastOffset() == 1023)
                .findFirst()
                .orElseThrow();
        byte[] bytes = log.bytes();
        Arrays.fill(bytes, 1024, 1536, (byte) 0);
        assertThat(check(bytes)).map(TornTail::offset).contains(1023L);
    }

    /** As above, and nothing of the rest is written either. */
    @Example
    void ofWhichOnlyTheBeginningOfTheLengthIsWritten() throws IOException {
        Log log = IntStream.range(1, 1023)
                .mapToObj(size -> new Log(List.of(size, 269), 1, 600))
                .filter(candidate -> candidate.lastOffset() == 1023)
                .findFirst()
                .orElseThrow();
        byte[] bytes = log.bytes();
        Arrays.fill(bytes, 1024, bytes.length, (byte) 0);
        assertThat(check(bytes)).map(TornTail::offset).contains(1023L);
    }

    private static List<int[]> sectors(Log log) {
        List<int[]> sectors = new ArrayList<>();
        int from = log.lastOffset();
        while (from < log.end()) {
            int to = Math.min(log.end(), (from / 512 + 1) * 512);
            sectors.add(new int[] {from, to});
            from = to;
        }
        return sectors;
    }

    /** A stray byte that reads as a length, the rest of which would lie in a sector that was never written. */
    @Example
    void aByteBehindTheEndIsDamageAlsoWhereASectorEnds() throws IOException {
        Log log = IntStream.range(1, 1023)
                .mapToObj(size -> new Log(List.of(size), 1, 600))
                .filter(candidate -> candidate.end() == 1023)
                .findFirst()
                .orElseThrow();
        byte[] bytes = log.bytes();
        bytes[1023] = 1;
        assertThatThrownBy(() -> check(bytes)).isInstanceOf(StateException.class);
    }

    @Property(tries = 100)
    void bytesBehindTheEndAreDamage(@ForAll("logs") Log log, @ForAll @IntRange(min = 0, max = 599) int where)
            throws IOException {
        Assume.that(log.zeros() >= 600);
        byte[] bytes = log.bytes();
        bytes[log.end() + where] = 1;
        Assume.that(where / 512 == 0 && (log.end() % 512) + where < 512);
        assertThatThrownBy(() -> check(bytes)).isInstanceOf(StateException.class);
    }
}
