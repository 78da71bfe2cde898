package io.osmia.raft.internal;

import io.osmia.raft.Backup;
import io.osmia.raft.RaftIdentity;
import io.osmia.raft.StateException;
import io.osmia.roles.LogKeys;
import io.osmia.store.StoreMachine;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.ratis.util.MD5FileUtil;

/** The raft folder of a cluster of one, whose log begins behind a snapshot. */
public final class RestoredGroup {

    /** Term and index of the snapshot. */
    private static final int BEGIN = 1;

    private final Path stateDir;
    private final RaftIdentity identity;

    public RestoredGroup(Path stateDir, RaftIdentity identity) {
        this.stateDir = stateDir;
        this.identity = identity;
    }

    /** The file that says whose state it is comes last: until then nothing starts from it. */
    public void write(Backup backup) {
        Path raft = RaftDirectory.of(stateDir);
        Path group = raft.resolve(GroupIds.of(identity.clusterId()).toString());
        try {
            Path current = folder(group.resolve("current"));
            Path snapshot = folder(group.resolve("sm")).resolve("snapshot." + BEGIN + "_" + BEGIN);
            snapshot(backup, snapshot);
            MD5FileUtil.saveMD5File(snapshot.toFile(), MD5FileUtil.computeMd5ForFile(snapshot.toFile()));
            DurableFiles.write(current.resolve("raft-meta"), "term=" + BEGIN + "\nvotedFor=\n");
        } catch (IOException e) {
            throw new StateException(raft, "cannot be written: " + e.getMessage(), e);
        }
        IdentityFile.of(stateDir).write(identity, true);
    }

    private static Path folder(Path path) throws IOException {
        return Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static void snapshot(Backup backup, Path snapshot) throws IOException {
        Path temporary = snapshot.resolveSibling("snapshot.tmp");
        try (StoreMachine read = new StoreMachine();
                InputStream in = backup.content();
                FileOutputStream file = new FileOutputStream(temporary.toFile());
                BufferedOutputStream out = new BufferedOutputStream(file, 1 << 16)) {
            read.restore(in);
            new DataOutputStream(out).writeInt(LogKeys.NOT_SEALED);
            read.writeSnapshot(read.committed(), out);
            out.flush();
            file.getChannel().force(true);
        }
        DurableFiles.moveInto(temporary, snapshot);
    }
}
