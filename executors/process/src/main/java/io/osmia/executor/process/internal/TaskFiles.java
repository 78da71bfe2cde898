package io.osmia.executor.process.internal;

import io.osmia.api.executor.Health;
import io.osmia.api.executor.TaskExit;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executor's folder, by task id.
 *
 * <pre>
 * tasks/ID/stdout, stderr   output, appended to by the process; with .head, where that begins which was kept
 * tasks/ID/work             working directory, when the spec names none; where it is, the task is prepared
 * tasks/ID/log              output of an isolated task, with .head too
 * tasks/ID/bundle, layer    what an isolated task is, and what it writes to its file system
 * tasks/ID/start            locked while somebody looks whether to start it; not empty once somebody did
 * tasks/ID/health           what its health check said last, if it has one
 * tasks/ID/ended            nothing of its process tree is left
 * run/ID                    written by the supervisor once the process exists: who they are
 * exit/ID                   written by the supervisor when the process has ended: its status
 * </pre>
 *
 * @param root the folder
 */
record TaskFiles(Path root) {

    private static final Logger LOG = LoggerFactory.getLogger(TaskFiles.class);

    /**
     * A task of another user begins in its own folder, but finds no way from there to the output of others: neither by
     * {@code ..} nor by name.
     */
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    /** How often a folder is walked in which something appears while it is removed. */
    private static final int WALKS = 5;

    /** Last line of a run file. */
    private static final String WHOLE = "whole\n";

    /** What the supervisor wrote when it had started the process. */
    record Run(ProcFs.Identity supervisor, ProcFs.Identity process, String boot) {}

    /** Whether a supervisor began to say who it is, even if it could not finish. */
    boolean begun(String taskId) {
        return Files.exists(runFolder().resolve(taskId));
    }

    void create() throws IOException {
        for (String folder : List.of("tasks", "run", "exit")) {
            Files.createDirectories(root.resolve(folder), PosixFilePermissions.asFileAttribute(OWNER));
        }
    }

    /** Whether the executor's folder is there at all: without it nobody can say what runs. */
    boolean present() {
        return Files.isDirectory(root.resolve("tasks"));
    }

    Path folder(String taskId) {
        return root.resolve("tasks").resolve(taskId);
    }

    Path output(String taskId, boolean stderr) {
        return folder(taskId).resolve(stderr ? "stderr" : "stdout");
    }

    /** The files that grow while the task runs. */
    List<Path> outputs(String taskId) {
        return Stream.of(output(taskId, false), output(taskId, true), log(taskId)).filter(Files::exists).toList();
    }

    /** Output of an isolated task, as conmon writes it. */
    Path log(String taskId) {
        return folder(taskId).resolve("log");
    }

    /** What runc is told of an isolated task. */
    Path bundle(String taskId) {
        return folder(taskId).resolve("bundle");
    }

    Path work(String taskId) {
        return folder(taskId).resolve("work");
    }

    Path startLock(String taskId) {
        return folder(taskId).resolve("start");
    }

    Path runFolder() {
        return root.resolve("run");
    }

    Path exitFolder() {
        return root.resolve("exit");
    }

    /** Gives a file or folder to whom it belongs. */
    @FunctionalInterface
    interface Owning {
        void own(Path file) throws IOException;
    }

    /**
     * Makes the task's folder. The working directory gets its name last: where it is, nothing is missing, even if this was
     * interrupted before. No process outlives a power cut, so this need not reach the disk.
     */
    void prepare(String taskId, Owning owning) throws IOException {
        Path made = folder(taskId).resolve("work.new");
        Files.createDirectories(made, PosixFilePermissions.asFileAttribute(OWNER));
        owning.own(made);
        for (boolean stderr : new boolean[] {false, true}) {
            Path output = output(taskId, stderr);
            Files.write(output, new byte[0], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            owning.own(output);
        }
        try {
            Files.move(made, work(taskId), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!prepared(taskId)) {
                throw e;
            }
            // Somebody else was faster.
        }
    }

    /** Makes the folder of an isolated task; otherwise like {@link #prepare}. */
    void prepareBundle(String taskId, String config) throws IOException {
        Path folder = folder(taskId);
        Files.createDirectories(bundle(taskId).resolve("rootfs"), PosixFilePermissions.asFileAttribute(OWNER));
        Files.createDirectories(folder.resolve("layer/work"), PosixFilePermissions.asFileAttribute(OWNER));
        // Its mode is that of the root folder that the task sees.
        Path upper = Files.createDirectories(folder.resolve("layer/upper"));
        Files.setPosixFilePermissions(upper, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(bundle(taskId).resolve("config.json"), config);
        Files.createDirectories(work(taskId), PosixFilePermissions.asFileAttribute(OWNER));
    }

    boolean prepared(String taskId) {
        return Files.isDirectory(work(taskId));
    }

    Optional<Run> run(String taskId) throws IOException {
        Optional<String> text = read(runFolder().resolve(taskId));
        if (text.isEmpty() || !text.get().endsWith(WHOLE)) {
            return Optional.empty();
        }
        Map<String, String> fields = new HashMap<>();
        text.get().lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                fields.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        return Optional.of(new Run(
                identity(taskId, fields.get("supervisor")),
                identity(taskId, fields.get("process")),
                fields.getOrDefault("boot", "")));
    }

    private ProcFs.Identity identity(String taskId, @Nullable String text) throws IOException {
        String[] parts = text == null ? new String[0] : text.strip().split(" ");
        try {
            // A process that ended at once may have left no start time: it is then nobody's.
            return new ProcFs.Identity(Long.parseLong(parts[0]), parts.length > 1 ? Long.parseLong(parts[1]) : -1);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IOException("damaged file " + runFolder().resolve(taskId), e);
        }
    }

    Optional<TaskExit> exit(String taskId) throws IOException {
        Path file = exitFolder().resolve(taskId);
        Optional<String> text = read(file);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Instant at = Files.getLastModifiedTime(file).toInstant();
        try {
            return Optional.of(new TaskExit(OptionalInt.of(Integer.parseInt(text.get().strip())), "", at));
        } catch (NumberFormatException e) {
            return Optional.of(new TaskExit(OptionalInt.empty(), ExitWatch.UNKNOWN, at)); // damaged: it will never tell
        }
    }

    /** What the task's health check said last. */
    Health health(String taskId) throws IOException {
        try {
            return read(folder(taskId).resolve("health")).map(Health::valueOf).orElse(Health.NONE);
        } catch (IllegalArgumentException e) {
            return Health.STARTING; // damaged: it says so again
        }
    }

    /** Keeps it, whole or not at all. */
    void setHealth(String taskId, Health health) throws IOException {
        Path folder = Files.createDirectories(folder(taskId), PosixFilePermissions.asFileAttribute(OWNER));
        Path temporary = folder.resolve("health.new");
        Files.writeString(temporary, health.name());
        Files.move(temporary, folder.resolve("health"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Notes that the process and all it started are gone: its process id may be somebody else's from now on. */
    void markEnded(String taskId) {
        try {
            if (begun(taskId) && !ended(taskId)) {
                Files.write(folder(taskId).resolve("ended"), new byte[0]);
            }
        } catch (IOException e) {
            LOG.debug("task {}: {}", taskId, e.toString()); // a full disk; its start time still tells it from others
        }
    }

    boolean ended(String taskId) {
        return Files.exists(folder(taskId).resolve("ended"));
    }

    private static Optional<String> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    List<String> taskIds() throws IOException {
        try (Stream<Path> folders = Files.list(root.resolve("tasks"))) {
            return folders.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    /** Removes everything of the task; its folder goes last, so that an interrupted removal is found again. */
    void remove(String taskId) throws IOException {
        Files.deleteIfExists(runFolder().resolve(taskId));
        Files.deleteIfExists(exitFolder().resolve(taskId));
        Path folder = folder(taskId);
        if (!Files.exists(folder)) {
            return;
        }
        for (int walk = 1; !removed(folder, walk == WALKS); walk++) {
            LOG.debug("task {}: something was written to its folder while it was removed", taskId);
        }
    }

    /**
     * Removes what is there. Somebody who is just ending may take away files of his own meanwhile, or write a last one.
     *
     * @param last whether it fails if something was written
     * @return false if something was written
     */
    private static boolean removed(Path folder, boolean last) throws IOException {
        try {
            removeTree(folder);
            return true;
        } catch (DirectoryNotEmptyException e) {
            if (last) {
                throw e;
            }
            return false;
        }
    }

    private static void removeTree(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) throws IOException {
                // The task may have made a folder of its own read-only, and the node need not be root.
                Files.setPosixFilePermissions(visited, OWNER);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                return e instanceof NoSuchFileException
                        ? FileVisitResult.CONTINUE
                        : super.visitFileFailed(file, e);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
