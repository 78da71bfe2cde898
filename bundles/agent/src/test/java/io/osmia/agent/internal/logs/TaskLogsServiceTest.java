package io.osmia.agent.internal.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.osmia.agent.internal.journal.TaskJournal;
import io.osmia.agent.internal.task.Executors;
import io.osmia.agent.internal.task.FakeExecutor;
import io.osmia.agent.internal.task.FakeMachine;
import io.osmia.agent.internal.task.Reports;
import io.osmia.agent.internal.task.Tasks;
import io.osmia.agent.internal.task.Worker;
import io.osmia.api.executor.ExecutorException;
import io.osmia.wire.osmia.LogLine;
import io.osmia.wire.osmia.ReadLogsRequest;
import io.osmia.wire.osmia.TaskLogsGrpc;
import io.osmia.wire.swarmkit.TaskStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskLogsServiceTest {

    @TempDir
    private Path directory;

    private final FakeMachine machine = new FakeMachine();
    private final Executors executors = new Executors();
    private final FakeExecutor executor = new FakeExecutor(machine, "1");
    private final String name = "logs-test-" + System.nanoTime();
    private Worker worker;
    private TaskLogsService service;
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void begin() throws Exception {
        executors.add(executor);
        Reports nobody = new Reports() {
            @Override
            public void report(String taskId, TaskStatus status) {}

            @Override
            public void forget(String taskId) {}
        };
        worker = new Worker(
                "me", new TaskJournal(directory), executors, nobody, () -> Instant.EPOCH, Duration.ofMillis(20));
        worker.start();
        worker.update(Tasks.assigned("a", "b"));
        machine.awaitVerb("await a", 1);
        machine.awaitVerb("await b", 1);
        serve();
    }

    private void serve() throws IOException {
        service = new TaskLogsService("me", worker, executors);
        server = InProcessServerBuilder.forName(name).addService(service).build().start();
        channel = InProcessChannelBuilder.forName(name).build();
    }

    @AfterEach
    void end() throws InterruptedException {
        channel.shutdownNow();
        service.close();
        server.shutdownNow();
        server.awaitTermination(5, TimeUnit.SECONDS);
        worker.close();
    }

    private List<String> read(ReadLogsRequest.Builder request) {
        List<String> lines = new ArrayList<>();
        Iterator<LogLine> answer = TaskLogsGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .readLogs(request.build());
        answer.forEachRemaining(line -> lines.add(
                line.getTaskId() + " " + line.getStream() + " " + line.getData().toStringUtf8() + " "
                        + line.getTimestamp().getSeconds()));
        return lines;
    }

    private void assertRefused(ReadLogsRequest.Builder request, Status.Code code, String text) {
        assertThatThrownBy(() -> read(request))
                .isInstanceOf(StatusRuntimeException.class)
                .satisfies(thrown -> {
                    Status status = Status.fromThrowable(thrown);
                    assertThat(status.getCode()).isEqualTo(code);
                    assertThat(status.getDescription()).isEqualTo(text);
                });
    }

    @Test
    void bothStreamsOfATaskAreRead() {
        assertThat(read(ReadLogsRequest.newBuilder().addTaskIds("a").setTail(5)))
                .containsExactly("a STDOUT out of a 5", "a STDERR err 0");
        assertThat(machine.verbs()).contains("read a false 5");
    }

    @Test
    void aServiceIsAllItsTasksOfThisNode() {
        assertThat(read(ReadLogsRequest.newBuilder().addServiceIds("service"))).hasSize(4);
        assertThat(read(ReadLogsRequest.newBuilder().addServiceIds("elsewhere"))).isEmpty();
        assertThat(machine.verbs()).contains("read a false -1", "read b false -1");
    }

    @Test
    void aRequestThatNamesNothingOrAnUnknownTaskIsRefused() {
        assertRefused(ReadLogsRequest.newBuilder(), Status.Code.INVALID_ARGUMENT, "log selector must not be empty");
        assertRefused(
                ReadLogsRequest.newBuilder().addTaskIds("x"),
                Status.Code.NOT_FOUND,
                "task x does not run on node me");
    }

    @Test
    void whileTheExecutorIsAwayTheReasonIsGiven() {
        executors.remove(executor);
        assertRefused(
                ReadLogsRequest.newBuilder().addTaskIds("a"),
                Status.Code.UNAVAILABLE,
                "task a: executor process is not installed at the moment");
    }

    @Test
    void followingEndsWithTheWorkload() throws Exception {
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        CountDownLatch ended = new CountDownLatch(1);
        follow(lines, ended);
        assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("out of a");
        machine.exit("a", 0);
        assertThat(ended.await(10, TimeUnit.SECONDS)).as("the stream ends, lines left: " + lines).isTrue();
    }

    @Test
    void afterASwapFollowingGoesOnWithTheNextExecutorWhereTheFormerOneEnded() throws Exception {
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        CountDownLatch ended = new CountDownLatch(1);
        follow(lines, ended);
        assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("out of a");
        assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("err");
        executors.remove(executor);
        executors.add(new FakeExecutor(machine, "2"));
        machine.awaitVerb("read a true -1", 2);
        machine.exit("a", 0);
        assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("last");
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(lines).isEmpty();
    }

    @Test
    void ofSeveralThatAreFollowedTheFirstThatFailsEndsAll() throws Exception {
        executor.fail("read b", ExecutorException.permanent("its output is lost"));
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        CountDownLatch ended = new CountDownLatch(1);
        Follower follower = follow(ReadLogsRequest.newBuilder().addServiceIds("service"), lines, ended);
        assertThat(ended.await(10, TimeUnit.SECONDS)).as("the stream ends").isTrue();
        assertThat(follower.failure).hasMessageContaining("task b: its output cannot be read: its output is lost");
        assertThat(service.awaitIdle(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void aFollowerThatGoesAwayEndsTheReading() throws Exception {
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        ClientCallStreamObserver<ReadLogsRequest> call = follow(lines, new CountDownLatch(1));
        assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("out of a");
        assertThat(service.reading()).isEqualTo(1);
        call.cancel("enough", null);
        assertThat(service.awaitIdle(Duration.ofSeconds(10))).isTrue();
    }

    private ClientCallStreamObserver<ReadLogsRequest> follow(
            LinkedBlockingQueue<String> lines, CountDownLatch ended) {
        return follow(ReadLogsRequest.newBuilder().addTaskIds("a"), lines, ended).call;
    }

    private Follower follow(
            ReadLogsRequest.Builder request, LinkedBlockingQueue<String> lines, CountDownLatch ended) {
        Follower follower = new Follower(lines, ended);
        TaskLogsGrpc.newStub(channel).readLogs(request.setFollow(true).build(), follower);
        return follower;
    }

    private static final class Follower implements ClientResponseObserver<ReadLogsRequest, LogLine> {

        private final LinkedBlockingQueue<String> lines;
        private final CountDownLatch ended;
        private ClientCallStreamObserver<ReadLogsRequest> call;
        private volatile Throwable failure;

        Follower(LinkedBlockingQueue<String> lines, CountDownLatch ended) {
            this.lines = lines;
            this.ended = ended;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ReadLogsRequest> requests) {
            call = requests;
        }

        @Override
        public void onNext(LogLine line) {
            lines.add(line.getData().toStringUtf8());
        }

        @Override
        public void onError(Throwable cause) {
            failure = cause;
            ended.countDown();
        }

        @Override
        public void onCompleted() {
            ended.countDown();
        }
    }
}
