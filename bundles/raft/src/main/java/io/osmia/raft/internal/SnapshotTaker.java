package io.osmia.raft.internal;

import io.osmia.raft.RaftLimits;
import io.osmia.raft.StateException;
import io.osmia.raft.internal.seal.SealedWith;
import io.osmia.raft.internal.seal.Sealer;
import io.osmia.store.StoreMachine;
import io.osmia.store.Table;
import io.osmia.store.View;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a snapshot every so many entries, on a thread of its own: the state is immutable, so writing it holds up nobody and
 * needs no copy. Only when the snapshot is safely on disk are older ones removed and the log before it purged.
 *
 * <p>A small store gets one more often than the interval says: reading its snapshot takes a start less time than applying the
 * log does.
 */
final class SnapshotTaker {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotTaker.class);

    /** From so many entries on, applying them takes longer at a start than reading half as many objects. */
    private static final long WORTH_IT = 1_000;

    private static final int UNKNOWN = -1;

    private final StoreMachine machine;
    private final Sealer sealer;
    private final FreeSpace space;
    private final RaftLimits limits;
    private final LongConsumer purge;

    /* Guarded by this. */
    private @Nullable SimpleStateMachineStorage storage;
    private int sealedWith = UNKNOWN;
    private long notBefore;
    private long last;
    private long lookedAt;
    private @Nullable Thread thread;

    /* Only on the thread that writes, and before it starts: log keys that nothing was sealed with when it was last looked. */
    private Set<Integer> unused = Set.of();

    /** @param purge called with the index up to which the log is needed by nobody */
    SnapshotTaker(StoreMachine machine, Sealer sealer, FreeSpace space, RaftLimits limits, LongConsumer purge) {
        this.machine = machine;
        this.sealer = sealer;
        this.space = space;
        this.limits = limits;
        this.purge = purge;
    }

    /** The folder was opened; {@code latest} is the index of its newest snapshot, or negative. */
    synchronized void open(SimpleStateMachineStorage opened, long latest) {
        storage = opened;
        last = Math.max(latest, 0);
        lookedAt = last;
        notBefore = 0;
        sealedWith = sealer.former().isEmpty() ? sealer.current() : UNKNOWN;
        unused = Set.of();
    }

    /** How its snapshots, and the log before them, are sealed. */
    Sealer sealer() {
        return sealer;
    }

    void size(long bytes) {
        space.snapshotBytes(bytes);
    }

    /** Called on the thread that applies, after each entry. */
    synchronized void applied(TermIndex at) {
        SimpleStateMachineStorage into = storage;
        // A log key is in use that the newest snapshot is not sealed with, or there was none of late.
        boolean overdue = sealer.current() != sealedWith && at.getIndex() >= notBefore;
        if (into == null || thread != null) {
            return;
        }
        View view = machine.committed();
        SnapshotPace pace = SnapshotPace.of(view, limits);
        if (!overdue && !isDue(pace, view, at.getIndex())) {
            return;
        }
        last = at.getIndex();
        lookedAt = last;
        sealedWith = sealer.current();
        thread = Thread.ofPlatform().name("raft-snapshot").daemon().start(() -> take(into, view, at, pace));
    }

    private boolean isDue(SnapshotPace pace, View view, long index) {
        if (pace.interval() == SnapshotPace.NEVER || index - lookedAt < Math.min(pace.interval(), WORTH_IT)) {
            return false;
        }
        lookedAt = index;
        long entries = index - last;
        return entries >= pace.interval() || entries >= 2 * objects(view);
    }

    private static long objects(View view) {
        return Table.ALL.stream().mapToLong(view::count).sum();
    }

    private void take(SimpleStateMachineStorage into, View view, TermIndex at, SnapshotPace pace) {
        try {
            if (!space.roomFor(space.snapshotBytes() + space.snapshotBytes() / 4)) {
                throw new IOException("too little space is left for it");
            }
            Path file = into.getSnapshotFile(at.getTerm(), at.getIndex()).toPath();
            MD5Hash digest = write(view, file);
            into.updateLatestSnapshot(
                    new SingleFileSnapshotInfo(new FileInfo(file, digest), at.getTerm(), at.getIndex()));
            size(Files.size(file));
            removeOlder(file, at.getIndex(), pace.oldSnapshots());
            purge.accept(Math.max(0, at.getIndex() - pace.keptEntries()));
            LOG.info("raft: snapshot at entry {}, {} bytes", at.getIndex(), Files.size(file));
            dropKeys(file);
        } catch (IOException | RuntimeException e) {
            LOG.warn("raft: no snapshot at entry {}, the log grows on: {}", at.getIndex(), e.toString());
            synchronized (this) {
                // Tried again after a tenth of the way.
                sealedWith = UNKNOWN;
                notBefore = at.getIndex() + Math.max(1, Math.min(pace.interval(), WORTH_IT) / 10);
            }
        } finally {
            synchronized (this) {
                thread = null;
            }
        }
    }

    /** Twice in a row nothing of it was found: what was under way when the next key came has been written by then. */
    private void dropKeys(Path snapshot) {
        SortedSet<Integer> former = sealer.former();
        if (former.isEmpty()) {
            return;
        }
        try {
            former.removeAll(new SealedWith(snapshot.resolveSibling("../").normalize()).versions());
        } catch (IOException | StateException e) {
            LOG.warn("raft: former log keys are kept, it cannot be told what is sealed with them: {}", e.toString());
            former.clear();
        }
        former.stream().filter(unused::contains).forEach(sealer::drop);
        unused = former;
    }

    /** The checksum comes first: a snapshot with its final name always has one. */
    private MD5Hash write(View view, Path file) throws IOException {
        Path temporary = file.resolveSibling("snapshot.tmp");
        MessageDigest md5 = MD5FileUtil.newMD5();
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(
                            new DigestOutputStream(new Guarded(Channels.newOutputStream(channel)), md5), 1 << 16)) {
                try (OutputStream content = sealer.snapshotTo(out)) {
                    machine.writeSnapshot(view, content);
                }
                out.flush();
                channel.force(true);
            }
            MD5Hash digest = MD5Hash.newInstance(md5.digest());
            MD5FileUtil.saveMD5File(file.toFile(), digest);
            DurableFiles.moveInto(temporary, file);
            return digest;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void removeOlder(Path newest, long index, long kept) throws IOException {
        Path directory = newest.resolveSibling("");
        try (Stream<Path> files = Files.list(directory)) {
            NavigableMap<Long, List<Path>> older =
                    files.filter(file -> index(file) >= 0 && index(file) < index)
                            .collect(Collectors.groupingBy(SnapshotTaker::index, TreeMap::new, Collectors.toList()));
            for (List<Path> snapshot : older.descendingMap().values().stream().skip(kept).toList()) {
                for (Path file : snapshot) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Of the last entry in a snapshot, by its name or that of its check sum; negative for other files. */
    private static long index(Path file) {
        String name = String.valueOf(file.getFileName());
        String snapshot = name.endsWith(MD5FileUtil.MD5_SUFFIX)
                ? name.substring(0, name.length() - MD5FileUtil.MD5_SUFFIX.length())
                : name;
        Matcher matcher = SimpleStateMachineStorage.SNAPSHOT_REGEX.matcher(snapshot);
        return matcher.matches() ? Long.parseLong(matcher.group(2)) : UNKNOWN;
    }

    /** Stops a snapshot that is being written; it is tried again after the next start. */
    void close(long millis) {
        Thread running;
        synchronized (this) {
            storage = null;
            running = thread;
        }
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            if (!running.join(Duration.ofMillis(millis))) {
                LOG.warn("raft: the snapshot writer is still busy after {} ms, left behind", millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives up before the snapshot eats the space that the log needs. */
    private final class Guarded extends FilterOutputStream {

        private static final long EVERY = 1L << 20;

        private long untilLook = EVERY;

        Guarded(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            untilLook -= length;
            if (untilLook <= 0) {
                untilLook = EVERY;
                if (!space.roomFor(0)) {
                    throw new IOException("too little space is left for it");
                }
            }
            out.write(bytes, offset, length);
        }
    }
}
