package io.osmia.ca.internal.client;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractBlockingStub;
import io.osmia.ca.CaException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** An open way to the cluster's CA. One thread. */
final class CaConnection implements AutoCloseable {

    /** Bound of each call (rule 7.5.2). */
    private static final Duration CALL = Duration.ofSeconds(5);

    private final ManagedChannel channel;
    private final String name;
    private final Runnable served;
    private final Runnable failed;
    private final Runnable closed;

    /**
     * @param name of the other end, for messages
     * @param served called after a call that was answered
     * @param failed called after one that was not
     * @param closed called last
     */
    CaConnection(ManagedChannel channel, String name, Runnable served, Runnable failed, Runnable closed) {
        this.channel = channel;
        this.name = name;
        this.served = served;
        this.failed = failed;
        this.closed = closed;
    }

    /**
     * One call, of 5 s at most.
     *
     * @throws CaCallException when it fails
     */
    <S extends AbstractBlockingStub<S>, R> R call(Function<ManagedChannel, S> stub, Function<S, R> call) {
        try {
            R answer = call.apply(stub.apply(channel).withDeadlineAfter(CALL.toMillis(), TimeUnit.MILLISECONDS));
            served.run();
            return answer;
        } catch (StatusRuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CaException("interrupted while waiting for the cluster's CA", e);
            }
            CaCallException failure = new CaCallException(name, e);
            (failure.isRefusal() ? served : failed).run();
            throw failure;
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        closed.run();
    }
}
