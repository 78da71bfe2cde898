package io.osmia.control.listener;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.osmia.roles.ReadBarrier;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads that must see all that was acknowledged anywhere before they were made: with metadata {@code osmia-read:
 * linearizable} they wait for the leader's commit point first.
 */
final class LinearizableReads {

    private static final Metadata.Key<String> READ = Metadata.Key.of("osmia-read", Metadata.ASCII_STRING_MARSHALLER);
    private static final String LINEARIZABLE = "linearizable";
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private LinearizableReads() {}

    static <Q, A> ServerMethodDefinition<Q, A> of(ServerMethodDefinition<Q, A> method, Services services) {
        ServerCallHandler<Q, A> handler = method.getServerCallHandler();
        return method.withServerCallHandler((call, headers) -> {
            String wanted = headers.get(READ);
            if (wanted != null) {
                meet(wanted, services.barrier());
            }
            return handler.startCall(call, headers);
        });
    }

    private static void meet(String wanted, Optional<ReadBarrier> barrier) {
        if (!wanted.equals(LINEARIZABLE)) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("metadata osmia-read can be " + LINEARIZABLE + ", not " + wanted)
                    .asRuntimeException();
        }
        await(barrier.map(ReadBarrier::linearizable)
                .orElseThrow(() -> unavailable("this manager has not joined the others yet")));
    }

    private static void await(CompletableFuture<Void> passed) {
        try {
            passed.get(leftNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw unavailable(String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage()));
        } catch (TimeoutException e) {
            throw unavailable("no leader confirmed its commit point in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("this manager stops");
        }
    }

    /** How long a call may wait for this manager's store. */
    static long leftNanos() {
        Deadline deadline = Context.current().getDeadline();
        return deadline == null
                ? LONGEST_NANOS
                : Math.min(LONGEST_NANOS, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    }

    private static RuntimeException unavailable(String reason) {
        return Status.UNAVAILABLE
                .withDescription("a linearizable read is not possible here at the moment: " + reason + "; try again")
                .asRuntimeException();
    }
}
