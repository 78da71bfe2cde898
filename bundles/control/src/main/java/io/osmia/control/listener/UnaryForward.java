package io.osmia.control.listener;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.osmia.roles.Caller;
import io.osmia.roles.Membership.Member;
import io.osmia.roles.ReadBarrier;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Passes a call with one request and one answer on to the leader. It is made again only when it certainly was not made, or
 * when making it twice does no harm (rule 8.8.6). Waits on the call's own thread.
 */
final class UnaryForward extends ServerCall.Listener<byte[]> {

    private final Forwarding forwarding;
    private final ServerCall<byte[], byte[]> call;
    private final MethodDescriptor<byte[], byte[]> method;
    private final Metadata headers;
    private byte @Nullable [] request;
    private ServerCall.@Nullable Listener<byte[]> local;

    UnaryForward(Forwarding forwarding, ServerCall<byte[], byte[]> call, Metadata headers) {
        this.forwarding = forwarding;
        this.call = call;
        this.method = call.getMethodDescriptor();
        this.headers = headers;
        call.request(2); // one message and the end
    }

    @Override
    public void onMessage(byte[] message) {
        request = message;
    }

    @Override
    public void onHalfClose() {
        byte[] whole = request;
        if (whole == null) {
            call.close(Status.INTERNAL.withDescription("Half-closed without a request"), new Metadata());
            return;
        }
        pass(whole);
    }

    private void pass(byte[] whole) {
        Leaders.Patience patience = forwarding.leaders().patience();
        Optional<Leaders.Unreachable> unreachable = Optional.empty();
        boolean again = Route.isRead(String.valueOf(method.getBareMethodName()));
        while (true) {
            switch (forwarding.target(method, headers, unreachable, patience)) {
                case Leaders.Here here -> {
                    handle(here, whole);
                    return;
                }
                case Leaders.Nobody nobody -> {
                    call.close(nobody.status(), new Metadata());
                    return;
                }
                case Leaders.There there -> {
                    Attempt.Outcome outcome = attempt(there, whole);
                    if (!outcome.wasNotMade() && !(again && outcome.connectionFailed())) {
                        answer(there.leader(), outcome);
                        return;
                    }
                    again = again && outcome.wasNotMade();
                    unreachable = Optional.of(forwarding.leaders().unreachable(there.leader(), outcome.status()));
                }
            }
        }
    }

    private Attempt.Outcome attempt(Leaders.There target, byte[] whole) {
        try {
            return Attempt.make(target, method, ForwardedHeaders.of(headers, Caller.current()), whole)
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Status.UNAVAILABLE
                    .withDescription(unknownOutcome(target.leader(), "this manager stops"))
                    .asRuntimeException();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("an attempt completes normally", impossible);
        }
    }

    private void handle(Leaders.Here here, byte[] whole) {
        ServerCall.Listener<byte[]> handler = LocalCall.start(here.method(), call, headers);
        local = handler;
        handler.onMessage(whole);
        handler.onHalfClose();
    }

    private void answer(Member leader, Attempt.Outcome outcome) {
        if (outcome.connectionFailed()) {
            String reason = String.valueOf(outcome.status().getDescription());
            call.close(Status.UNAVAILABLE.withDescription(unknownOutcome(leader, reason)), new Metadata());
            return;
        }
        Optional<Status> behind = await(version(outcome));
        if (behind.isPresent()) {
            call.close(behind.get(), new Metadata());
            return;
        }
        byte[] message = outcome.message();
        if (message != null && outcome.status().isOk()) {
            call.sendHeaders(outcome.headers() == null ? new Metadata() : outcome.headers());
            call.sendMessage(message);
        }
        call.close(outcome.status(), outcome.trailers());
    }

    private String unknownOutcome(Member leader, String reason) {
        return "the connection to the leader, node " + leader.nodeId() + " at " + leader.address() + ", ended before"
                + " its answer came: " + reason + "; whether " + KnownService.shortName(method)
                + " was carried out is unknown";
    }

    private static OptionalLong version(Attempt.Outcome outcome) {
        OptionalLong inHeaders = StoreVersions.in(outcome.headers());
        return inHeaders.isPresent() ? inHeaders : StoreVersions.in(outcome.trailers());
    }

    /** Waits until this manager shows what the leader has shown; else why it does not. */
    private Optional<Status> await(OptionalLong version) {
        Optional<ReadBarrier> barrier = forwarding.services().barrier();
        if (version.isEmpty() || barrier.isEmpty()) {
            return Optional.empty();
        }
        try {
            barrier.get().reached(version.getAsLong()).get(LinearizableReads.leftNanos(), TimeUnit.NANOSECONDS);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(behind(version.getAsLong(), String.valueOf(e.getCause())));
        } catch (TimeoutException e) {
            return Optional.of(behind(version.getAsLong(), "not in time"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(behind(version.getAsLong(), "it stops"));
        }
    }

    private Status behind(long version, String reason) {
        return Status.UNAVAILABLE.withDescription("the leader has answered " + KnownService.shortName(method)
                + ", but this manager does not get to version " + version + " of the store: " + reason
                + "; look before trying again");
    }

    @Override
    public void onCancel() {
        if (local != null) {
            local.onCancel();
        }
    }

    @Override
    public void onComplete() {
        if (local != null) {
            local.onComplete();
        }
    }

    @Override
    public void onReady() {
        if (local != null) {
            local.onReady();
        }
    }
}
