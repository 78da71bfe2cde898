package io.osmia.agent.internal.journal;

import io.osmia.api.executor.TaskHandle;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of this node on disk, so that the next start of the agent goes on where this one ended (rule 6.12).
 *
 * <p>Two small files per task: {@code ID.task} (the task, the handle of its workload) changes rarely and is what a workload
 * is found by; {@code ID.status} changes with each step. Files are replaced whole, by a temporary file and a rename, so
 * there is nothing to compact or repair, tasks do not wait for each other, and an administrator can remove a single one.
 * Durable writes are on the disk when they return; the others survive the end of this process, but not of the machine.
 *
 * <p>Any thread may call; for one task one thread at a time.
 */
public final class TaskJournal {

    private static final Logger LOG = LoggerFactory.getLogger(TaskJournal.class);
    private static final String TASK = ".task";
    private static final String STATUS = ".status";
    private static final String TEMPORARY = ".tmp";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final Path directory;

    /** Creates the directory when it does not exist. */
    public TaskJournal(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /** Whether a task of that id can be held: ids become file names. */
    public static boolean holds(String taskId) {
        return NAME.matcher(taskId).matches();
    }

    /**
     * All tasks, by id. A file that cannot be read is named in the log and passed over: the manager sends the task again,
     * and the executor still lists its workload.
     */
    public List<JournalEntry> load() throws IOException {
        List<JournalEntry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + TASK)) {
            for (Path file : files) {
                load(file, entries);
            }
        }
        entries.sort(Comparator.comparing(entry -> entry.task().getId()));
        return entries;
    }

    private void load(Path file, List<JournalEntry> entries) {
        try {
            JournalEntry entry = Records.readTask(Files.readAllBytes(file));
            entries.add(new JournalEntry(
                    entry.task(), entry.assigned(), entry.handle(), status(entry.task().getId(), entry.handle())));
        } catch (IOException e) {
            LOG.error("task journal: {} cannot be read ({}); waiting for the manager to send the task again",
                    file, e.getMessage());
        }
    }

    /**
     * A status that cannot be read has replaced a durable STARTING perhaps, as a rename does that only half of the machine
     * remembers. With a handle it counts as that: what was started once is not started again.
     */
    private @Nullable TaskStatus status(String taskId, @Nullable TaskHandle handle) {
        Path file = directory.resolve(taskId + STATUS);
        try {
            return Files.exists(file) ? Records.readStatus(Files.readAllBytes(file)) : null;
        } catch (IOException e) {
            LOG.warn("task journal: {} cannot be read ({}); the workload itself is asked", file, e.getMessage());
            return handle == null ? null : TaskStatus.newBuilder().setState(TaskState.STARTING).build();
        }
    }

    /** Writes the task and its handle. */
    public void task(Task task, boolean assigned, @Nullable TaskHandle handle, boolean durable) throws IOException {
        replace(task.getId() + TASK, Records.task(task, assigned, handle), durable);
    }

    /** Writes the agent's own status of the task. */
    public void status(String taskId, TaskStatus status, boolean durable) throws IOException {
        replace(taskId + STATUS, Records.status(status), durable);
    }

    /** Forgets the task. */
    public void delete(String taskId) throws IOException {
        Files.deleteIfExists(directory.resolve(taskId + STATUS));
        Files.deleteIfExists(directory.resolve(taskId + TASK));
    }

    private void replace(String name, byte[] bytes, boolean durable) throws IOException {
        Path temporary = directory.resolve(name + TEMPORARY);
        try (FileChannel file = FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
            if (durable) {
                file.force(true);
            }
        }
        Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        if (durable) {
            syncDirectory();
        }
    }

    /** A rename is durable when the directory is. */
    private void syncDirectory() throws IOException {
        try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
