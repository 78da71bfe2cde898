package io.osmia.dispatcher.internal;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.osmia.roles.Caller;
import io.osmia.roles.Clock;
import io.osmia.wire.swarmkit.AssignmentsMessage;
import io.osmia.wire.swarmkit.AssignmentsRequest;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import io.osmia.wire.swarmkit.HeartbeatRequest;
import io.osmia.wire.swarmkit.HeartbeatResponse;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.SessionRequest;
import io.osmia.wire.swarmkit.TasksMessage;
import io.osmia.wire.swarmkit.TasksRequest;
import io.osmia.wire.swarmkit.UpdateTaskStatusRequest;
import io.osmia.wire.swarmkit.UpdateTaskStatusResponse;
import io.osmia.wire.swarmkit.UpdateVolumeStatusRequest;
import io.osmia.wire.swarmkit.UpdateVolumeStatusResponse;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/** The gRPC side of the dispatcher: hands every call to the loop as a message. */
final class DispatcherService extends DispatcherGrpc.DispatcherImplBase {

    private static final Status NO_IDENTITY =
            Status.PERMISSION_DENIED.withDescription("Permission denied: no client certificates in request");

    private final Dispatching dispatching;
    private final Consumer<Runnable> loop;
    private final Clock clock;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    // guarded by lock
    private boolean stopped;

    DispatcherService(Dispatching dispatching, Consumer<Runnable> loop, Clock clock) {
        this.dispatching = dispatching;
        this.loop = loop;
        this.clock = clock;
    }

    /** Refuses calls from now on, and gives the loop its last message: the order is kept (rule 6.2.5). */
    void stop(Runnable last) {
        lock.writeLock().lock();
        try {
            stopped = true;
            loop.accept(last);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Listeners let nobody in without a certificate; an identity is what everything here rests on (rule 6.3.1). */
    private static boolean known(StreamObserver<?> observer) {
        if (Caller.current().nodeId().isEmpty()) {
            observer.onError(NO_IDENTITY.asRuntimeException());
            return false;
        }
        return true;
    }

    private void post(StreamObserver<?> answer, Runnable message) {
        lock.readLock().lock();
        try {
            if (!stopped) {
                loop.accept(message);
                return;
            }
        } finally {
            lock.readLock().unlock();
        }
        answer.onError(Dispatching.STOPPED.asRuntimeException());
    }

    /** An answer to a client that has gone is dropped; without a handler it would be an exception on the loop's thread. */
    void answer(StreamObserver<?> observer, Runnable message) {
        ((ServerCallStreamObserver<?>) observer).setOnCancelHandler(() -> {});
        post(observer, message);
    }

    private <T> void stream(StreamObserver<T> observer, Consumer<Sink<T>> open) {
        // Becoming ready needs no message of its own: any makes the loop look what waits.
        Sink<T> sink = new CallSink<>(
                observer,
                () -> loop.accept(() -> {}),
                gone -> loop.accept(() -> dispatching.cancelled(gone, clock.now())));
        post(observer, () -> open.accept(sink));
    }

    @Override
    public void session(SessionRequest request, StreamObserver<SessionMessage> observer) {
        if (!known(observer)) {
            return;
        }
        Caller caller = Caller.current();
        stream(observer, sink -> dispatching.session(caller, request, sink, clock.now()));
    }

    @Override
    public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> observer) {
        if (!known(observer)) {
            return;
        }
        Caller caller = Caller.current();
        answer(observer, () -> dispatching.heartbeat(caller, request.getSessionId(), observer, clock.now()));
    }

    @Override
    public void updateTaskStatus(
            UpdateTaskStatusRequest request, StreamObserver<UpdateTaskStatusResponse> observer) {
        if (!known(observer)) {
            return;
        }
        Caller caller = Caller.current();
        answer(
                observer,
                () -> dispatching.taskStatus(caller, request.getSessionId(), request.getUpdatesList(), observer));
    }

    @Override
    public void updateVolumeStatus(
            UpdateVolumeStatusRequest request, StreamObserver<UpdateVolumeStatusResponse> observer) {
        if (!known(observer)) {
            return;
        }
        Caller caller = Caller.current();
        answer(observer, () -> dispatching.volumeStatus(caller, request.getSessionId(), observer));
    }

    @Override
    public void assignments(AssignmentsRequest request, StreamObserver<AssignmentsMessage> observer) {
        if (!known(observer)) {
            return;
        }
        Caller caller = Caller.current();
        stream(observer, sink -> dispatching.assignments(caller, request.getSessionId(), sink));
    }

    @Override
    public void tasks(TasksRequest request, StreamObserver<TasksMessage> observer) {
        if (!known(observer)) {
            return;
        }
        Caller caller = Caller.current();
        stream(observer, sink -> dispatching.tasks(caller, request.getSessionId(), sink));
    }
}
