package io.osmia.agent.internal.logs;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.osmia.agent.internal.task.Executors;
import io.osmia.agent.internal.task.Worker;
import io.osmia.wire.osmia.LogLine;
import io.osmia.wire.osmia.ReadLogsRequest;
import io.osmia.wire.osmia.TaskLogsGrpc;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The output of the tasks of this node, over gRPC. Each call is read on a virtual thread of its own. */
public final class TaskLogsService extends TaskLogsGrpc.TaskLogsImplBase implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TaskLogsService.class);
    private static final Duration BOUND = Duration.ofSeconds(1);

    private final String nodeId;
    private final Worker worker;
    private final Executors executors;
    private final Set<Thread> reading = ConcurrentHashMap.newKeySet();

    public TaskLogsService(String nodeId, Worker worker, Executors executors) {
        this.nodeId = nodeId;
        this.worker = worker;
        this.executors = executors;
    }

    @Override
    public void readLogs(ReadLogsRequest request, StreamObserver<LogLine> observer) {
        ServerCallStreamObserver<LogLine> call = (ServerCallStreamObserver<LogLine>) observer;
        CompletableFuture<Outlet> outlet = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().name("task-logs").unstarted(() -> read(request, call, outlet.join()));
        outlet.complete(new Outlet(call, reader::interrupt));
        reading.add(reader);
        reader.start();
    }

    private void read(ReadLogsRequest request, ServerCallStreamObserver<LogLine> call, Outlet outlet) {
        try {
            new LogReader(nodeId, worker, executors, outlet).read(request);
            if (!call.isCancelled()) {
                call.onCompleted();
            }
        } catch (StatusException e) {
            call.onError(e);
        } catch (InterruptedException e) {
            call.onError(Status.UNAVAILABLE.withDescription("the node is stopping").asException());
        } catch (RuntimeException e) {
            call.onError(Status.INTERNAL.withDescription("reading logs failed: " + e).withCause(e).asException());
        } finally {
            reading.remove(Thread.currentThread());
        }
    }

    /** How many calls are being read. */
    int reading() {
        return reading.size();
    }

    /** Waits until no call is being read; false when one still is after that time. */
    boolean awaitIdle(Duration bound) throws InterruptedException {
        Instant deadline = Instant.now().plus(bound);
        for (Thread reader : reading) {
            Duration left = Duration.between(Instant.now(), deadline);
            if (!reader.join(left.isPositive() ? left : Duration.ZERO)) {
                return false;
            }
        }
        return true;
    }

    /** Ends all calls. */
    @Override
    public void close() {
        reading.forEach(Thread::interrupt);
        try {
            if (!awaitIdle(BOUND)) {
                LOG.warn("task logs: {} calls are still being read", reading());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
