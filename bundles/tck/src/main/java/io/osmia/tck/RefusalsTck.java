package io.osmia.tck;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.ResourceAmounts;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Mount;
import io.osmia.api.executor.Port;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskResources;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What cannot be run is refused for good with a text that names it, and harms nobody. */
interface RefusalsTck extends Suite {

    @Test
    default void aMissingImageIsNamed() throws Exception {
        bench().need(Feature.IMAGES);
        ExecutorTask task = bench().task(Program.runs());
        isRefused(
                task.with(task.workload().toBuilder().image("osmia-tck.invalid/does-not-exist:1").build()),
                "osmia-tck.invalid/does-not-exist");
    }

    @Test
    default void aMissingCommandIsNamed() throws Exception {
        isRefused(bench().task(List.of("osmia-tck-no-such-command", "x")), "osmia-tck-no-such-command");
        isRefused(bench().task(List.of("/osmia-tck/no/such/command")), "/osmia-tck/no/such/command");
    }

    @Test
    default void aMissingMountSourceIsNamed() throws Exception {
        bench().need(Feature.MOUNTS);
        ExecutorTask task = bench().task(Program.runs());
        isRefused(mounting(task, Mount.bind("/osmia-tck/no such/source", "/data", false)), "/osmia-tck/no such/source");
        isRefused(mounting(task, Mount.bind("../relative", "/data", false)), "../relative");
    }

    @Test
    default void foldersOfTheHostAreMountedUnderAnyName() throws Exception {
        bench().need(Feature.MOUNTS);
        Path folder = Files.createTempDirectory("osmia tck it's");
        Path file = folder.resolve("file");
        try {
            Files.writeString(file, "from the host\n");
            ExecutorTask task = mounting(
                    bench().task(Program.writesFile("/some data/file")),
                    Mount.bind(folder.toString(), "/some data", true));
            assertThat(bench().started(task).await().code()).hasValue(0);
            assertThat(bench().text(task)).containsExactly("from the host");
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    @Test
    default void aTakenPortIsNamed() throws Exception {
        bench().need(Feature.PORTS);
        int port = freePort();
        ExecutorTask first = publishing(bench().task(Program.runs()), port);
        TaskController holder = bench().ready(first);
        assertThat(holder.status().ports()).containsExactly(new Port("web", Port.Protocol.TCP, 8080, port));
        isRefused(publishing(bench().task(Program.runs()), port), Integer.toString(port));
        assertThat(bench().executor().recover(bench().handle(first))).isEqualTo(new Recovery.Running());
        holder.remove();
        bench().ready(publishing(bench().task(Program.runs()), port));
    }

    @Test
    default void aPortThatTheExecutorPicksIsTold() throws Exception {
        bench().need(Feature.PORTS);
        ExecutorTask task = publishing(bench().task(Program.runs()), 0);
        List<Port> ports = bench().ready(task).status().ports();
        assertThat(ports).singleElement().satisfies(port -> {
            assertThat(port.target()).isEqualTo(8080);
            assertThat(port.published()).isBetween(1, 65535);
        });
        bench().swap();
        // Whoever has not asked for it yet may need a moment to see it.
        Deadline.until(bench().patience(), "its ports are " + ports,
                () -> bench().controller(task).status().ports(), ports::equals);
    }

    @Test
    default void aMemoryLimitBelowTheMinimumIsRefused() throws Exception {
        bench().need(Feature.MEMORY_MINIMUM);
        ExecutorTask task = bench().task(Program.runs());
        isRefused(
                task.with(TaskResources.limitedTo(
                        new ResourceAmounts(0, tck().memoryBelowMinimum(), Map.of(), Map.of()))),
                "memory");
    }

    private static ExecutorTask mounting(ExecutorTask task, Mount mount) {
        return task.with(task.workload().toBuilder().mounts(List.of(mount)).build());
    }

    private static ExecutorTask publishing(ExecutorTask task, int port) {
        return task.with(List.of(new Port("web", Port.Protocol.TCP, 8080, port)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void isRefused(ExecutorTask task, String named) throws Exception {
        ExecutorTask neighbour = bench().task(Program.runs());
        TaskController unharmed = bench().ready(neighbour);
        var before = unharmed.status();
        Throwable refused = Call.of(() -> bench().started(task)).failure(bench().patience());
        assertThat(refused).isInstanceOfSatisfying(
                ExecutorException.class, e -> assertThat(e.temporary()).as(e.getMessage()).isFalse());
        assertThat(refused).hasMessageContaining(named);
        assertThat(unharmed.status()).isEqualTo(before);
        assertThat(bench().executor().recover(bench().handle(neighbour))).isEqualTo(new Recovery.Running());
        if (bench().listed().contains(task.id())) {
            bench().controller(task).remove();
            assertThat(bench().listed()).doesNotContain(task.id());
        }
    }
}
