package io.osmia.agent.internal.logs;

import io.grpc.stub.ServerCallStreamObserver;
import io.osmia.wire.osmia.LogLine;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The way out of a ReadLogs call: several readers may send, and each waits until the client reads. */
final class Outlet {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ServerCallStreamObserver<LogLine> call;

    /**
     * Call in the handler, before it returns.
     *
     * @param gone called when the client has gone
     */
    Outlet(ServerCallStreamObserver<LogLine> call, Runnable gone) {
        this.call = call;
        call.setOnReadyHandler(this::wake);
        call.setOnCancelHandler(() -> {
            wake();
            gone.run();
        });
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Sends the line once the client reads; false when it has gone. */
    boolean send(LogLine line) {
        lock.lock();
        try {
            while (!call.isReady() && !call.isCancelled()) {
                changed.await();
            }
            if (call.isCancelled()) {
                return false;
            }
            call.onNext(line);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
