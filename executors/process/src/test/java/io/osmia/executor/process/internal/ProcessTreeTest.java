package io.osmia.executor.process.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.ResourceAmounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a task's processes are found, with and without control groups. */
@Timeout(60)
class ProcessTreeTest {

    private static final String ID = "tree" + ProcessHandle.current().pid();

    @TempDir
    Path dir;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void withoutControlGroupsTheEnvironmentAndDescentTell() throws Exception {
        ProcessTree tree = new ProcessTree(Cgroups.detect(dir));
        // The inner one keeps the mark in another session; its child has neither, but descends from it.
        Process process = start("setsid sh -c 'env -i PATH=/bin:/usr/bin sleep 60; true' & wait", true);
        Awaitility.await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(tree.members(ID, ProcFs.NOBODY)).hasSize(3));
        Process stranger = start("sleep 60", false);

        assertThat(tree.kill(ID, ProcFs.NOBODY)).isTrue();

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(stranger.isAlive()).isTrue();
    }

    @Test
    void whoeverIsInTheControlGroupBelongsToTheTask() throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        Cgroups cgroups = Cgroups.detect(Path.of("/sys/fs/cgroup"));
        List<Path> procs = cgroups.create(ID, ResourceAmounts.NONE, 0);
        Assumptions.assumeFalse(procs.isEmpty(), "no control groups here");
        try {
            AtomicInteger scans = new AtomicInteger();
            ProcessTree tree = new ProcessTree(cgroups, new SharedScan(() -> {
                scans.incrementAndGet();
                return ProcessTable.read();
            }));
            Path inner = Files.createDirectories(procs.getFirst().resolveSibling("inner"));
            Process grouped = start("sleep 60", false);
            Process deeper = start("sleep 60", false);
            Files.writeString(procs.getFirst(), grouped.pid() + "");
            Files.writeString(inner.resolve("cgroup.procs"), deeper.pid() + "");

            assertThat(tree.members(ID, ProcFs.NOBODY)).extracting(ProcFs.Identity::pid)
                    .containsExactlyInAnyOrder(grouped.pid(), deeper.pid());
            assertThat(tree.kill(ID, ProcFs.NOBODY)).isTrue();

            assertThat(grouped.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(deeper.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(scans).as("looks through the whole of /proc").hasValue(0);
        } finally {
            cgroups.remove(ID);
        }
    }

    @Test
    void thoseWhoAskMeanwhileShareTheNextLook() throws Exception {
        AtomicInteger scans = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        SharedScan scan = new SharedScan(() -> {
            if (scans.incrementAndGet() == 1) {
                begun.countDown();
                assertThat(uninterrupted(go)).isTrue();
            }
            return ProcessTable.read();
        });
        List<FutureTask<ProcessTable>> asking = new ArrayList<>();
        ask(scan, asking);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            threads.add(ask(scan, asking));
        }
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> threads.stream()
                .allMatch(thread -> thread.getState() == Thread.State.WAITING));
        go.countDown();

        for (FutureTask<ProcessTable> each : asking) {
            assertThat(each.get(10, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(scans).hasValue(2);
        assertThat(asking.get(1).get()).isNotSameAs(asking.getFirst().get());
    }

    @Test
    void whoeverIsInterruptedSeesThatAProcessLives() throws Exception {
        ProcessTree tree = new ProcessTree(Cgroups.detect(dir));
        start("sleep 60; true", true);
        Awaitility.await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(tree.members(ID, ProcFs.NOBODY)).hasSize(2));
        ProcFs.Identity shell = tree.members(ID, ProcFs.NOBODY).getFirst();

        Thread.currentThread().interrupt();
        boolean alive = shell.alive();
        int members = ProcessTable.read().members(ID, ProcFs.NOBODY.pid()).size();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(alive).isTrue();
        assertThat(members).isEqualTo(2);
    }

    private static Thread ask(SharedScan scan, List<FutureTask<ProcessTable>> asking) {
        FutureTask<ProcessTable> task = new FutureTask<>(scan::now);
        asking.add(task);
        return Thread.ofPlatform().daemon().start(task);
    }

    private static boolean uninterrupted(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private Process start(String text, boolean marked) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", text);
        if (marked) {
            builder.environment().put(ProcessSpec.TASK_ID, ID);
        }
        Process process = builder.start();
        started.add(process);
        return process;
    }
}
