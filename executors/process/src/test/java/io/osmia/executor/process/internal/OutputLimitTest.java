package io.osmia.executor.process.internal;

import static io.osmia.executor.process.internal.ProcessExecutorTest.task;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Output is kept within its limit while the process writes, and nobody who reads along misses a line. */
@Timeout(60)
class OutputLimitTest {

    private static final int LIMIT = 256 * 1024;
    private static final int LINES = 12_000;

    @TempDir
    Path root;

    private ProcessExecutor executor;
    private final List<TaskController> controllers = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        String objection = Holes.objection(root);
        Assumptions.assumeTrue(objection.isEmpty(), objection);
        executor = new ProcessExecutor(Settings.DEFAULT.keeping(LIMIT), "1.0.0", root.resolve("process"), List.of());
    }

    @AfterEach
    void removeAll() throws Exception {
        for (TaskController controller : controllers) {
            controller.remove();
        }
        executor.detach();
    }

    @Test
    void whoReadsAlongMissesNoLineWhileOldOnesAreGivenUp() throws Exception {
        // Three quarters of a megabyte in three seconds; the last words wait until it was trimmed. It is never 2,000 lines
        // ahead of who reads along, which are fewer than are kept: he leaves a file each 1,000.
        ExecutorTask task = task("sh", "-c", "i=0; : >0; while [ $i -lt " + LINES + " ]; do i=$((i+1));"
                + " echo \"line $i ....................................................\";"
                + " [ $((i % 100)) -eq 0 ] && sleep 0.02;"
                + " [ $((i % 1000)) -eq 0 ] && while [ ! -e $((i-1000)) ]; do sleep 0.02; done; done; sleep 2");
        TaskController controller = executor.controller(task, executor.handle(task, ""));
        controllers.add(controller);
        controller.prepare();
        controller.start();
        Path work = root.resolve("process/tasks/" + task.id() + "/work");
        List<String> followed = Collections.synchronizedList(new ArrayList<>());
        FutureTask<Boolean> following = new FutureTask<>(() -> {
            executor.read(executor.handle(task, ""), OutputRequest.ALL.following(), line -> {
                followed.add(new String(line.data(), StandardCharsets.UTF_8));
                return followed.size() % 1000 != 0 || leave(work.resolve(Integer.toString(followed.size())));
            });
            return true;
        });
        Thread.ofPlatform().daemon().start(following);

        controller.await();

        assertThat(following.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(followed).containsExactlyElementsOf(numbered(1));
        Path output = root.resolve("process/tasks/" + task.id() + "/stdout");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> kilobytesOnDisk(output) <= LIMIT / 1024 + 8);

        List<String> kept = new ArrayList<>();
        read(task, OutputRequest.ALL, kept);
        assertThat(kept).hasSizeGreaterThan(LIMIT / 2 / 64).hasSizeLessThan(LINES / 2);
        assertThat(kept).containsExactlyElementsOf(numbered(LINES - kept.size() + 1));
        List<String> last = new ArrayList<>();
        read(task, OutputRequest.ALL.last(2), last);
        assertThat(last).containsExactlyElementsOf(numbered(LINES - 1));
        List<String> more = new ArrayList<>();
        read(task, OutputRequest.ALL.last(LINES), more);
        assertThat(more).isEqualTo(kept);
        List<String> fromTheStart = new ArrayList<>();
        read(task, OutputRequest.ALL.goingOnAfter("70.0"), fromTheStart);
        assertThat(fromTheStart).as("what it asks for was given up").isEqualTo(kept);
    }

    private static boolean leave(Path file) {
        try {
            return Files.exists(Files.createFile(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> numbered(int first) {
        return IntStream.rangeClosed(first, LINES)
                .mapToObj(i -> "line " + i + " ....................................................")
                .toList();
    }

    private void read(ExecutorTask task, OutputRequest request, List<String> lines) throws Exception {
        executor.read(executor.handle(task, ""), request,
                line -> lines.add(new String(line.data(), StandardCharsets.UTF_8)));
    }

    private static long kilobytesOnDisk(Path file) throws Exception {
        Process du = new ProcessBuilder("du", "-k", file.toString()).start();
        String text = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(du.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return Long.parseLong(text.substring(0, text.indexOf('\t')));
    }
}
