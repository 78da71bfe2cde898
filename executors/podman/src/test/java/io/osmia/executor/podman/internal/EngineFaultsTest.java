package io.osmia.executor.podman.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskHandle;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A socket that is missing, dead, another engine's, too old, or does not answer. Needs no Podman. */
@Timeout(60)
class EngineFaultsTest {

    @TempDir
    Path dir;

    private final ConcurrentLinkedQueue<AutoCloseable> open = new ConcurrentLinkedQueue<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private Path socket() {
        return dir.resolve("sock");
    }

    private PodmanExecutor executor() {
        PodmanExecutor executor = new PodmanExecutor(socket(), "", "1.0.0");
        open.add(executor::detach);
        return executor;
    }

    /** Somebody who gives each caller the same answer; none for an empty text. */
    private void listen(String answer) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket()));
        open.add(server);
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    SocketChannel caller = server.accept();
                    open.add(caller);
                    if (!answer.isEmpty()) {
                        InputStream request = Channels.newInputStream(caller);
                        assertThat(request.read(new byte[4096])).isPositive();
                        caller.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
                    }
                }
            } catch (IOException e) {
                // closed by the test
            }
        });
    }

    private static void isAway(PodmanExecutor executor, String why) throws Exception {
        Awaitility.await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(executor.describe().message()).contains(why));
        assertThat(executor.describe().available()).isFalse();
    }

    @Test
    void aMissingSocketIsSaid() throws Exception {
        PodmanExecutor executor = executor();
        isAway(executor, "no socket " + socket());
        ExecutorTask task = Tasks.of(Tasks.shell("true"));
        TaskHandle handle = executor.handle(task, "5f");
        assertThat(executor.recover(handle)).isInstanceOfSatisfying(
                Recovery.Unknown.class, unknown -> assertThat(unknown.why()).contains("no socket"));
        assertThatThrownBy(() -> executor.list(Tasks.NODE)).isInstanceOfSatisfying(
                ExecutorException.class, e -> assertThat(e.temporary()).isTrue());
        assertThatThrownBy(() -> executor.controller(task, handle).prepare()).isInstanceOfSatisfying(
                ExecutorException.class, e -> assertThat(e.temporary()).isTrue());
    }

    @Test
    void aNodeThatWantsNoneSaysSo() throws Exception {
        PodmanExecutor executor = new PodmanExecutor(false, socket(), "", "1.0.0");
        open.add(executor::detach);
        assertThat(executor.describe().message()).contains("off on this node");
        assertThat(executor.describe().available()).isFalse();
    }

    @Test
    void aDeadSocketIsSaid() throws Exception {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket()));
        }
        isAway(executor(), "nobody listens at " + socket());
    }

    @Test
    void anotherEngineIsNotTakenForPodman() throws Exception {
        listen("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK");
        isAway(executor(), "is not Podman");
    }

    @Test
    void anOldPodmanIsRefused() throws Exception {
        listen("HTTP/1.1 200 OK\r\nLibpod-Api-Version: 3.0.1\r\nContent-Length: 2\r\n\r\nOK");
        isAway(executor(), "of version 3.0.1; 4.0.0 is the oldest");
    }

    @Test
    void whatAnotherEngineDoesNotKnowIsNotGone() throws Exception {
        listen("HTTP/1.1 404 Not Found\r\nContent-Length: 28\r\n\r\n{\"message\":\"page not found\"}");
        PodmanExecutor executor = executor();
        TaskHandle handle = executor.handle(Tasks.of(Tasks.shell("true")), "5f");
        assertThat(executor.recover(handle)).isInstanceOf(Recovery.Unknown.class);
    }

    @Test
    void oneThatSpeaksNonsenseIsAway() throws Exception {
        listen("what?\r\n\r\n");
        isAway(executor(), "went away during a call");
    }

    @Test
    void oneThatDoesNotAnswerIsAway() throws Exception {
        listen("");
        isAway(executor(), "does not answer within 8 s");
    }

    @Test
    void aCallOfOneThatDoesNotAnswerCanBeInterruptedAndEndsWhenDetached() throws Exception {
        listen("");
        PodmanExecutor executor = executor();
        ExecutorTask task = Tasks.of(Tasks.shell("true"));
        var controller = executor.controller(task, executor.handle(task, "5f"));
        ended(Thread.ofVirtual(), controller::prepare, Thread::interrupt, InterruptedException.class);
        ended(Thread.ofPlatform(), controller::prepare, Thread::interrupt, InterruptedException.class);
        ended(Thread.ofVirtual(), controller::prepare, t -> executor.detach(), AwayException.class);
        executor.detach();
    }

    private interface Verb {
        void run() throws Exception;
    }

    private static void ended(
            Thread.Builder kind, Verb verb, java.util.function.Consumer<Thread> end, Class<? extends Exception> how)
            throws Exception {
        List<Throwable> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread = kind.start(() -> {
            begun.countDown();
            try {
                verb.run();
            } catch (Exception e) {
                failures.add(e);
            }
        });
        assertThat(begun.await(15, TimeUnit.SECONDS)).isTrue();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(
                () -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.RUNNABLE);
        end.accept(thread);
        // By itself it ends after 15 s.
        assertThat(thread.join(Duration.ofSeconds(12))).isTrue();
        assertThat(failures).singleElement().isInstanceOf(how);
    }
}
