package io.osmia.itests.input;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A raft log segment as bytes: eight bytes of header, then records of {varint length, entry, 4 bytes checksum}, then zeros. */
final class LogSegment {

    private static final int HEADER_BYTES = 8;
    private static final int CHECKSUM_BYTES = 4;

    /** @param end behind its checksum */
    record Record(int begin, int end) {

        int middle() {
            return (begin + end) / 2;
        }
    }

    private final Path file;
    private final byte[] bytes;
    private final List<Record> records = new ArrayList<>();

    private LogSegment(Path file) throws IOException {
        this.file = file;
        this.bytes = Files.readAllBytes(file);
        int begin = HEADER_BYTES;
        while (begin < bytes.length && bytes[begin] != 0) {
            CodedInputStream in = CodedInputStream.newInstance(bytes, begin, bytes.length - begin);
            int length = in.readRawVarint32();
            int end = begin + in.getTotalBytesRead() + length + CHECKSUM_BYTES;
            records.add(new Record(begin, end));
            begin = end;
        }
    }

    /** The one that a node which was killed was writing to. */
    static LogSegment openIn(Path stateDir) throws IOException {
        return new LogSegment(find(stateDir, "log_inprogress_\\d+"));
    }

    /** The only file below with a name like this. */
    static Path find(Path stateDir, String name) throws IOException {
        try (Stream<Path> files = Files.walk(stateDir)) {
            List<Path> found = files.filter(file -> file.getFileName().toString().matches(name))
                    .filter(file -> !file.startsWith(stateDir.resolve("felix-cache")))
                    .toList();
            if (found.size() != 1) {
                throw new AssertionError(name + " in " + stateDir + ": " + found);
            }
            return found.getFirst();
        }
    }

    Path file() {
        return file;
    }

    Record inTheMiddle() {
        return records.get(records.size() / 2);
    }

    /** Adds as much of one more record as a crash might leave: it ends with the file. */
    void tear() throws IOException {
        Record last = records.getLast();
        byte[] half = Arrays.copyOfRange(bytes, last.begin(), last.middle());
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(last.end());
            out.write(half);
            out.setLength(last.end() + half.length);
        }
    }

    /** Turns all bits of one byte over. */
    static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= (byte) 0xff;
        Files.write(file, bytes);
    }
}
