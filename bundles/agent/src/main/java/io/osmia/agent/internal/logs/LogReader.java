package io.osmia.agent.internal.logs;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.grpc.StatusException;
import io.osmia.agent.internal.task.Executors;
import io.osmia.agent.internal.task.OutputReading;
import io.osmia.agent.internal.task.Worker;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.executor.TaskOutput;
import io.osmia.api.executor.TaskOutput.OutputLine;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import io.osmia.wire.osmia.LogLine;
import io.osmia.wire.osmia.ReadLogsRequest;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;

/** One ReadLogs call: finds the tasks' output and sends it line by line, no faster than the client reads. */
final class LogReader {

    private final String nodeId;
    private final Worker worker;
    private final Executors executors;
    private final Outlet outlet;

    LogReader(String nodeId, Worker worker, Executors executors, Outlet outlet) {
        this.nodeId = nodeId;
        this.worker = worker;
        this.executors = executors;
        this.outlet = outlet;
    }

    /** Reads until the end, or until it is interrupted. */
    void read(ReadLogsRequest request) throws StatusException, InterruptedException {
        List<TaskHandle> sources = sources(request);
        int tail = request.getTail() == 0 ? -1 : Integer.max(request.getTail(), 0);
        if (request.getFollow()) {
            follow(sources, tail);
            return;
        }
        for (TaskHandle source : sources) {
            read(source, false, tail);
        }
    }

    /** Reads all at the same time, until the first fails: that, and an interrupt, reaches every one of them. */
    private void follow(List<TaskHandle> sources, int tail) throws StatusException, InterruptedException {
        ExecutorService threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor();
        try {
            CompletionService<Boolean> readers = new ExecutorCompletionService<>(threads);
            for (TaskHandle source : sources) {
                readers.submit(() -> {
                    read(source, true, tail);
                    return true;
                });
            }
            for (int ended = 0; ended < sources.size(); ended++) {
                readers.take().get();
            }
        } catch (ExecutionException e) {
            throw Status.fromThrowable(e.getCause()).asException();
        } finally {
            threads.shutdownNow();
            threads.close();
        }
    }

    private List<TaskHandle> sources(ReadLogsRequest request) throws StatusException {
        if (request.getTaskIdsCount() == 0 && request.getServiceIdsCount() == 0) {
            throw Status.INVALID_ARGUMENT.withDescription("log selector must not be empty").asException();
        }
        Set<String> ids = new LinkedHashSet<>();
        for (String id : request.getTaskIdsList()) {
            if (!worker.knows(id)) {
                throw Status.NOT_FOUND
                        .withDescription("task " + id + " does not run on node " + nodeId)
                        .asException();
            }
            ids.add(id);
        }
        request.getServiceIdsList().forEach(service -> ids.addAll(worker.tasksOf(service)));
        Set<TaskHandle> sources = new LinkedHashSet<>();
        for (String id : ids) {
            Optional<TaskHandle> handle = worker.handle(id);
            if (handle.isPresent()) {
                check(handle.get());
                sources.add(handle.get());
            }
        }
        return List.copyOf(sources);
    }

    /** Whether there is somebody to ask. While an executor is being exchanged, the next one will be. */
    private void check(TaskHandle handle) throws StatusException {
        Optional<Executors.Offer> offer = executors.forHandle(handle);
        if (offer.isEmpty() && !executors.changing()) {
            throw Status.UNAVAILABLE
                    .withDescription("task " + handle.taskId() + ": executor " + handle.executorKind()
                            + " is not installed at the moment")
                    .asException();
        }
        if (offer.isPresent() && !(offer.get().executor() instanceof TaskOutput)) {
            throw Status.UNIMPLEMENTED
                    .withDescription("task " + handle.taskId() + ": executor " + handle.executorKind() + " has no logs")
                    .asException();
        }
    }

    private void read(TaskHandle handle, boolean follow, int tail) throws StatusException, InterruptedException {
        String taskId = handle.taskId();
        OutputRequest all = OutputRequest.ALL.last(tail);
        try {
            new OutputReading(executors, handle, line -> outlet.send(line(taskId, line)))
                    .read(follow ? all.following() : all);
        } catch (ExecutorException e) {
            throw Status.UNAVAILABLE
                    .withDescription("task " + taskId + ": its output cannot be read: " + e.getMessage())
                    .withCause(e)
                    .asException();
        }
    }

    private LogLine line(String taskId, OutputLine output) {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(output.data());
        LogLine.Builder line = LogLine.newBuilder()
                .setTaskId(taskId)
                .setNodeId(nodeId)
                .setStream(output.stderr() ? LogLine.Stream.STDERR : LogLine.Stream.STDOUT)
                .setData(bytes);
        Instant at = output.at();
        if (!at.equals(Instant.EPOCH)) {
            line.setTimestamp(Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()));
        }
        return line.build();
    }
}
