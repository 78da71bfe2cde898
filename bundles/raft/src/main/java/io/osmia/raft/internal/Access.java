package io.osmia.raft.internal;

import io.osmia.raft.StateException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether this user may use what the node keeps in its state directory: another user may have run a node there. Looked at before
 * anything is opened. Folders of tasks are left out, they may belong to others.
 */
public final class Access {

    /** With everything below. */
    private static final List<String> TREES = List.of("raft", "certificates");

    private static final List<String> FOLDERS =
            List.of("felix-cache", "worker", "worker/tasks", "worker/process");

    private final Path stateDir;

    public Access(Path stateDir) {
        this.stateDir = stateDir;
    }

    /** @throws StateException naming the first that may not be read or written */
    public void checkContent() {
        FOLDERS.stream().map(stateDir::resolve).filter(Files::exists).forEach(Access::folder);
        TREES.stream().map(stateDir::resolve).filter(Files::exists).forEach(Access::tree);
    }

    private static void tree(Path folder) {
        folder(folder);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    tree(entry);
                } else {
                    file(entry);
                }
            }
        } catch (IOException e) {
            throw new StateException(folder, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** @throws StateException when files cannot be made in this folder */
    public static void folder(Path folder) {
        require(Files.isWritable(folder), folder, "is not writable");
        require(Files.isReadable(folder) && Files.isExecutable(folder), folder, "is not readable");
    }

    private static void file(Path file) {
        require(Files.isReadable(file), file, "is not readable");
        require(Files.isWritable(file), file, "is not writable");
    }

    private static void require(boolean allowed, Path path, String otherwise) {
        if (!allowed) {
            throw new StateException(path, otherwise + " by user " + System.getProperty("user.name"));
        }
    }
}
