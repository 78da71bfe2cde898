package io.osmia.agent.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.TaskHandle;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AGT-010 task journal")
class TaskJournalTest {

    private static final TaskStatus RUNNING =
            TaskStatus.newBuilder().setState(TaskState.RUNNING).setMessage("started").build();
    private static final Task TASK =
            Task.newBuilder().setId("t1").setServiceId("s").setStatus(RUNNING).build();
    private static final TaskHandle HANDLE = new TaskHandle("t1", "digest", "process", 3, new byte[] {1, 2});

    @TempDir
    private Path directory;

    private TaskJournal journal;

    @BeforeEach
    void open() throws IOException {
        journal = new TaskJournal(directory.resolve("tasks"));
    }

    private JournalEntry only() throws IOException {
        return new TaskJournal(directory.resolve("tasks")).load().getFirst();
    }

    @Test
    void whatIsWrittenIsReadAgainWithoutTheTasksOwnStatus() throws IOException {
        journal.task(TASK, true, HANDLE, true);
        journal.status("t1", RUNNING, true);
        assertThat(only())
                .isEqualTo(new JournalEntry(TASK.toBuilder().clearStatus().build(), true, HANDLE, RUNNING));
    }

    @Test
    void aTaskMayHaveNeitherHandleNorStatusNorAssignment() throws IOException {
        journal.task(TASK, false, null, false);
        assertThat(only()).isEqualTo(new JournalEntry(TASK.toBuilder().clearStatus().build(), false, null, null));
    }

    @Test
    void aDeletedTaskLeavesNothing() throws IOException {
        journal.task(TASK, true, HANDLE, true);
        journal.status("t1", RUNNING, false);
        journal.delete("t1");
        journal.delete("t1");
        try (Stream<Path> files = Files.list(directory.resolve("tasks"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aWriteThatWasCutOffLeavesTheFormerOne() throws IOException {
        journal.task(TASK, true, HANDLE, true);
        Files.write(directory.resolve("tasks/t1.task.tmp"), new byte[] {1, 2, 3});
        assertThat(only().handle()).isEqualTo(HANDLE);
    }

    @Test
    void aDamagedTaskIsPassedOverAndTheOthersAreRead() throws IOException {
        journal.task(TASK, true, HANDLE, true);
        journal.task(TASK.toBuilder().setId("t2").build(), true, null, true);
        Path file = directory.resolve("tasks/t1.task");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertThat(journal.load()).extracting(entry -> entry.task().getId()).containsExactly("t2");
        assertThat(file).exists();
    }

    @Test
    void aDamagedStatusCountsAsStartingWhereThereMayBeAWorkload() throws IOException {
        journal.task(TASK, true, HANDLE, true);
        Files.write(directory.resolve("tasks/t1.status"), new byte[20]);
        assertThat(only().status()).isEqualTo(TaskStatus.newBuilder().setState(TaskState.STARTING).build());
        assertThat(only().handle()).isEqualTo(HANDLE);
    }

    @Test
    void aDamagedStatusCountsAsNoneWhereThereCanBeNoWorkload() throws IOException {
        journal.task(TASK, true, null, true);
        Files.write(directory.resolve("tasks/t1.status"), new byte[20]);
        assertThat(only().status()).isNull();
    }

    @Test
    void idsThatWouldLeaveTheFolderAreNotHeld() {
        assertThat(TaskJournal.holds("0abcdefghijklmnopqrstuvwx")).isTrue();
        assertThat(TaskJournal.holds("../x")).isFalse();
        assertThat(TaskJournal.holds("a/b")).isFalse();
        assertThat(TaskJournal.holds("")).isFalse();
        assertThat(TaskJournal.holds(".hidden")).isFalse();
    }
}
