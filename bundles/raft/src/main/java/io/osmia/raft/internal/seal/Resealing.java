package io.osmia.raft.internal.seal;

import io.osmia.raft.StateException;
import io.osmia.raft.internal.DurableFiles;
import io.osmia.raft.internal.Records;
import io.osmia.raft.internal.check.SegmentBytes;
import io.osmia.roles.LogKeys;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.MD5FileUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals what a raft group has on disk in clear text, before Ratis opens it. File by file, each wholly or not at all: a crash in
 * between leaves some files sealed and some not, and the next start goes on. No clear record is left when it is done.
 */
public final class Resealing {

    private static final Logger LOG = LoggerFactory.getLogger(Resealing.class);
    private static final String SEALED = ".sealed";
    private static final String TEMPORARY = "resealed.tmp";

    private static final Set<String> LEFTOVERS = Set.of("snapshot.tmp", "rewritten.tmp", TEMPORARY);

    private final Path current;
    private final Path snapshots;

    /** @param group the group's folder; may be missing */
    public Resealing(Path group) {
        this.current = group.resolve("current");
        this.snapshots = group.resolve("sm");
    }

    /** Completes what a crash interrupted; to be called before anything looks at the folder. */
    public void finish() {
        for (Path sealed : files(snapshots, name -> name.endsWith(SEALED))) {
            replace(sealed);
        }
    }

    /** Seals all that is not, when a key is in use; what is there has been checked. */
    public void run(Sealer sealer) {
        if (sealer.current() == LogKeys.NOT_SEALED) {
            return;
        }
        deleteLeftovers();
        int sealed = 0;
        for (Path snapshot : files(snapshots, Resealing::isSnapshot)) {
            sealed += snapshot(snapshot, sealer) ? 1 : 0;
        }
        for (Path segment : files(current, name -> name.startsWith("log_"))) {
            sealed += segment(segment, sealer) ? 1 : 0;
        }
        if (sealed > 0) {
            LOG.info("raft: {} files that were in clear text are sealed with log key {}", sealed, sealer.current());
        }
    }

    /** What a crash left half written, maybe in clear text. */
    private void deleteLeftovers() {
        for (Path directory : List.of(current, snapshots)) {
            for (Path leftover : files(directory, LEFTOVERS::contains)) {
                try {
                    Files.delete(leftover);
                } catch (IOException e) {
                    throw new StateException(leftover, "cannot be removed: " + e.getMessage(), e);
                }
            }
        }
    }

    private static boolean isSnapshot(String name) {
        return SimpleStateMachineStorage.SNAPSHOT_REGEX.matcher(name).matches();
    }

    private boolean snapshot(Path snapshot, Sealer sealer) {
        Path temporary = snapshot.resolveSibling(TEMPORARY);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(snapshot), 1 << 16)) {
            if (Records.snapshotKeyVersion(in, true) != LogKeys.NOT_SEALED) {
                return false;
            }
            try (FileOutputStream file = new FileOutputStream(temporary.toFile());
                    OutputStream out = new BufferedOutputStream(file, 1 << 16)) {
                try (OutputStream content = sealer.snapshotTo(out)) {
                    in.transferTo(content);
                }
                out.flush();
                file.getChannel().force(true);
            }
            Path sealed = snapshot.resolveSibling(snapshot.getFileName() + SEALED);
            DurableFiles.moveInto(temporary, sealed);
            replace(sealed);
            return true;
        } catch (IOException e) {
            throw failed(snapshot, e);
        }
    }

    /** The checksum goes first: from here on only {@link #finish} makes the two fit, and it is called before they are compared. */
    private static void replace(Path sealed) {
        String name = String.valueOf(sealed.getFileName());
        Path snapshot = sealed.resolveSibling(name.substring(0, name.length() - SEALED.length()));
        try {
            MD5FileUtil.saveMD5File(snapshot.toFile(), MD5FileUtil.computeMd5ForFile(sealed.toFile()));
            DurableFiles.moveInto(sealed, snapshot);
        } catch (IOException e) {
            throw failed(snapshot, e);
        }
    }

    private static boolean segment(Path segment, Sealer sealer) {
        try {
            List<LogEntryProto> entries = new ArrayList<>();
            boolean changed = false;
            for (LogEntryProto entry : entries(segment)) {
                LogEntryProto sealed = sealed(entry, sealer);
                changed |= sealed != entry;
                entries.add(sealed);
            }
            if (changed) {
                DurableFiles.write(segment, TEMPORARY, SegmentBytes.of(entries));
            }
            return changed;
        } catch (IOException e) {
            throw failed(segment, e);
        }
    }

    /** The segments of a group, the oldest first. */
    public static List<Path> segments(Path group) {
        return files(group.resolve("current"), name -> name.startsWith("log_")).stream()
                .sorted(Comparator.comparingLong(Resealing::first))
                .toList();
    }

    /** Index of its first entry. */
    static long first(Path segment) {
        return Long.parseLong(String.valueOf(segment.getFileName()).replaceAll("log_(inprogress_)?(\\d+).*", "$2"));
    }

    /** The entries of a segment, up to the first that is not whole. */
    public static List<LogEntryProto> entries(Path segment) throws IOException {
        SegmentBytes bytes = new SegmentBytes(Files.readAllBytes(segment));
        List<LogEntryProto> entries = new ArrayList<>();
        int at = SegmentBytes.headerLength();
        while (bytes.hasHeader() && !bytes.endsAt(at)) {
            LogEntryProto entry = bytes.entryAt(at);
            if (entry == null) {
                break;
            }
            entries.add(entry);
            at = bytes.claimedEnd(at);
        }
        return entries;
    }

    private static LogEntryProto sealed(LogEntryProto entry, Sealer sealer) throws IOException {
        if (!entry.hasStateMachineLogEntry()) {
            return entry;
        }
        StateMachineLogEntryProto content = entry.getStateMachineLogEntry();
        ByteBuffer record = content.getLogData().asReadOnlyByteBuffer();
        if (Records.keyVersion(record) != LogKeys.NOT_SEALED) {
            return entry;
        }
        byte[] payload = new byte[record.remaining() - Records.HEADER_BYTES];
        record.position(record.position() + Records.HEADER_BYTES).get(payload);
        byte[] sealed = sealer.seal(sealer.current(), payload);
        return entry.toBuilder()
                .setStateMachineLogEntry(content.toBuilder().setLogData(UnsafeByteOperations.unsafeWrap(sealed)))
                .build();
    }

    static List<Path> files(Path directory, Predicate<String> name) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> name.test(String.valueOf(file.getFileName()))).sorted().toList();
        } catch (IOException e) {
            throw new StateException(directory, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static StateException failed(Path file, IOException e) {
        return new StateException(file, "cannot be sealed: " + e.getMessage(), e);
    }
}
