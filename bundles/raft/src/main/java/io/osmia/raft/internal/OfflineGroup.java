package io.osmia.raft.internal;

import io.osmia.raft.MissingKey;
import io.osmia.raft.OfflineState;
import io.osmia.raft.RaftIdentity;
import io.osmia.raft.StateException;
import io.osmia.raft.internal.check.LogCheck;
import io.osmia.raft.internal.seal.Resealing;
import io.osmia.raft.internal.seal.SealedWith;
import io.osmia.raft.internal.seal.Sealer;
import io.osmia.roles.LogKeys;
import io.osmia.store.StoreMachine;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.osmia.Transaction;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.jspecify.annotations.Nullable;

/** Reads a raft group that nothing has open, and changes nothing. */
public final class OfflineGroup {

    private final RaftIdentity identity;
    private final Path group;
    private final @Nullable LogKeys keys;
    private final StoreMachine machine = new StoreMachine();

    private List<String> members = List.of();
    private long snapshot = -1;
    private long last = -1;

    /** @param keys null when it is not sealed */
    public OfflineGroup(Path stateDir, @Nullable LogKeys keys) {
        this.identity = RaftIdentity.read(stateDir)
                .orElseThrow(() -> new StateException(stateDir, "holds no raft state"));
        this.group = RaftDirectory.of(stateDir)
                .resolve(GroupIds.of(identity.clusterId()).toString());
        this.keys = keys;
    }

    public OfflineState inspect() {
        new LogCheck(group, keys != null).run();
        try (Sealer sealer = new Sealer(identity.clusterId(), keys, MissingKey.NOBODY)) {
            requireKeys();
            members(Files.exists(configuration()) ? LogEntryProto.parseFrom(Files.readAllBytes(configuration()))
                    : LogEntryProto.getDefaultInstance());
            restore(sealer);
            for (Path segment : Resealing.segments(group)) {
                for (LogEntryProto entry : Resealing.entries(segment)) {
                    apply(entry, sealer);
                }
            }
            View view = machine.committed();
            return new OfflineState(identity, members, snapshot, last, view.version(), objects(view));
        } catch (IOException e) {
            throw new StateException(group, "cannot be read: " + e.getMessage(), e);
        }
    }

    private Path configuration() {
        return group.resolve("current").resolve("raft-meta.conf");
    }

    private void requireKeys() throws IOException {
        for (int version : new SealedWith(group).versions()) {
            if (version != LogKeys.NOT_SEALED && (keys == null || keys.key(version) == null)) {
                throw new StateException(group, Records.notHeld(version));
            }
        }
    }

    private void restore(Sealer sealer) throws IOException {
        Optional<Path> newest = newestSnapshot();
        if (newest.isPresent()) {
            snapshot = index(newest.get());
            last = snapshot;
            try (InputStream in = new BufferedInputStream(Files.newInputStream(newest.get()), 1 << 16)) {
                machine.restore(sealer.snapshotFrom(in));
            }
        }
    }

    private Optional<Path> newestSnapshot() throws IOException {
        Path folder = group.resolve("sm");
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> index(file) >= 0).max(Comparator.comparingLong(OfflineGroup::index));
        }
    }

    private static long index(Path file) {
        Matcher name = SimpleStateMachineStorage.SNAPSHOT_REGEX.matcher(String.valueOf(file.getFileName()));
        return name.matches() ? Long.parseLong(name.group(2)) : -1;
    }

    private void apply(LogEntryProto entry, Sealer sealer) throws IOException {
        last = Math.max(last, entry.getIndex());
        if (entry.hasConfigurationEntry()) {
            members(entry);
        }
        if (entry.hasStateMachineLogEntry() && entry.getIndex() > snapshot) {
            for (Transaction transaction : sealer
                    .open(entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer())
                    .getTransactionsList()) {
                machine.apply(transaction);
            }
        }
    }

    private void members(LogEntryProto configuration) {
        members = configuration.getConfigurationEntry().getPeersList().stream()
                .map(peer -> peer.getId().toStringUtf8())
                .sorted()
                .toList();
    }

    private static Map<String, Integer> objects(View view) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Table<?> table : Table.ALL) {
            counts.put(table.kind(), view.count(table));
        }
        return counts;
    }
}
