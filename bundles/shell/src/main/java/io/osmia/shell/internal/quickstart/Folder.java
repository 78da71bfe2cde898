package io.osmia.shell.internal.quickstart;

import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.connect.SocketPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state directory that quickstart made, and its files. A marker tells it from one that someone else made, which is
 * never touched; the marker also names the topmost folder that had to be made for it.
 */
record Folder(Path dir) {

    private static final String PRIVATE = "rwx------";

    Path socket() {
        return dir.resolve("osmia.sock");
    }

    Path log() {
        return dir.resolve("log").resolve("node.log");
    }

    Path worker() {
        return dir.resolve("worker");
    }

    private Path marker() {
        return dir.resolve("quickstart.made");
    }

    private Path pidFile() {
        return dir.resolve("quickstart.pid");
    }

    boolean exists() {
        return Files.exists(dir);
    }

    boolean isOurs() {
        return Files.exists(marker());
    }

    /** Makes it, unless it is there; refuses one that is someone else's or whose socket no kernel would take. */
    void prepare() throws IOException {
        int length = socket().toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > SocketPath.LONGEST) {
            throw Failure.refused("state directory " + dir + " is too long: its socket would have " + length
                    + " bytes, a unix socket takes " + SocketPath.LONGEST + "; name a shorter one with --state-dir");
        }
        if (isOurs()) {
            return;
        }
        if (exists() && !isEmpty()) {
            throw Failure.refused("state directory " + dir + " exists and was not made by quickstart; "
                    + "name another one with --state-dir");
        }
        Path topmost = topmostMissing();
        if (dir.getParent() != null) {
            Files.createDirectories(dir.getParent());
        }
        if (!exists()) {
            Files.createDirectory(dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
        }
        Files.createDirectories(log().getParent());
        Files.writeString(marker(), topmost + "\n");
    }

    private boolean isEmpty() throws IOException {
        try (Stream<Path> entries = Files.list(dir)) {
            return entries.findAny().isEmpty();
        }
    }

    private Path topmostMissing() {
        Path topmost = dir;
        for (Path path = dir; path != null && !Files.exists(path); path = path.getParent()) {
            topmost = path;
        }
        return topmost;
    }

    Optional<HostProcess> node() throws IOException {
        try {
            return HostProcess.parse(Files.readString(pidFile()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void remember(HostProcess node) throws IOException {
        Files.writeString(pidFile(), node.text());
    }

    /** Removes it, and the folders above it that were made for it and hold nothing else. */
    void remove() throws IOException {
        Path topmost = Path.of(Files.readString(marker()).strip());
        Path marker = marker();
        Files.walkFileTree(dir, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                // The marker goes last, so that an interrupted removal can be repeated.
                if (!file.equals(marker)) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                if (!folder.equals(dir)) {
                    Files.delete(folder);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        Files.delete(marker);
        Files.delete(dir);
        removeEmptyParents(topmost);
    }

    private void removeEmptyParents(Path topmost) throws IOException {
        try {
            for (Path path = dir; !path.equals(topmost) && path.startsWith(topmost);) {
                path = path.getParent();
                if (path == null) {
                    return;
                }
                Files.delete(path);
            }
        } catch (DirectoryNotEmptyException e) {
            // someone else uses it now
        }
    }
}
