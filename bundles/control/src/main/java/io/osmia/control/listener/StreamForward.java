package io.osmia.control.listener;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * Copies a stream message by message in both directions (rule 8.8.7). The next message is asked for only when the other
 * side takes one, so that a slow reader slows its writer down and nothing piles up here.
 */
final class StreamForward extends ServerCall.Listener<byte[]> {

    private final ServerCall<byte[], byte[]> caller;
    private final ClientCall<byte[], byte[]> leader;
    private final Pump toLeader;
    private final Pump toCaller;

    private StreamForward(ServerCall<byte[], byte[]> caller, ClientCall<byte[], byte[]> leader) {
        this.caller = caller;
        this.leader = leader;
        this.toLeader = new Pump(() -> caller.request(1), leader::isReady);
        this.toCaller = new Pump(() -> leader.request(1), caller::isReady);
    }

    /** Starts the call at the leader within the current context, whose deadline and end are the call's. */
    static ServerCall.Listener<byte[]> start(
            ServerCall<byte[], byte[]> caller, ClientCall<byte[], byte[]> leader, Metadata headers) {
        StreamForward forward = new StreamForward(caller, leader);
        leader.start(forward.new Answers(), headers);
        leader.request(1);
        caller.request(1);
        return forward;
    }

    /** One direction. */
    private static final class Pump {

        private final Runnable request;
        private final java.util.function.BooleanSupplier ready;
        private boolean waits; // guarded by this

        Pump(Runnable request, java.util.function.BooleanSupplier ready) {
            this.request = request;
            this.ready = ready;
        }

        /** A message went through. */
        synchronized void passed() {
            if (ready.getAsBoolean()) {
                request.run();
            } else {
                waits = true;
            }
        }

        /** The far side takes messages again. */
        synchronized void ready() {
            if (waits) {
                waits = false;
                request.run();
            }
        }
    }

    @Override
    public void onMessage(byte[] message) {
        leader.sendMessage(message);
        toLeader.passed();
    }

    @Override
    public void onHalfClose() {
        leader.halfClose();
    }

    @Override
    public void onCancel() {
        leader.cancel("the caller has ended the call", null);
    }

    @Override
    public void onReady() {
        toCaller.ready();
    }

    /** What comes back. */
    private final class Answers extends ClientCall.Listener<byte[]> {

        @Override
        public void onHeaders(Metadata headers) {
            caller.sendHeaders(headers);
        }

        @Override
        public void onMessage(byte[] message) {
            caller.sendMessage(message);
            toCaller.passed();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            caller.close(status, trailers);
        }

        @Override
        public void onReady() {
            toLeader.ready();
        }
    }
}
