package io.osmia.dispatcher.internal;

import io.grpc.Status;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.SessionMessage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells one agent about its node and the managers: each message is complete, so only the newest counts (rule 6.4). */
final class SessionStream extends NodeStream {

    private final Sink<SessionMessage> sink;
    private final SessionMessages messages;
    private @Nullable SessionMessage last;
    private boolean changed;
    private boolean replaced;

    SessionStream(String nodeId, String sessionId, Sink<SessionMessage> sink, SessionMessages messages) {
        super(nodeId, sessionId, sink);
        this.sink = sink;
        this.messages = messages;
    }

    /** Sends the current message; call once, first. */
    void open(View view) {
        send(view);
    }

    /** The agent opens the same session once more, and will close this stream. */
    void replace() {
        replaced = true;
    }

    boolean replaced() {
        return replaced;
    }

    /** Rule 6.2.4. */
    @Override
    Status farewell(View view) {
        sink.send(messages.message(view, nodeId(), sessionId()));
        return Status.ABORTED.withDescription("node must disconnect");
    }

    @Override
    void session() {
        changed = true;
    }

    @Override
    void resync(View view) {
        changed = true;
    }

    @Override
    boolean flush(View view, Instant now) {
        if (changed && sink.ready()) {
            changed = false;
            send(view);
        }
        return !changed;
    }

    private void send(View view) {
        SessionMessage message = messages.message(view, nodeId(), sessionId());
        if (!message.equals(last)) {
            last = message;
            sink.send(message);
        }
    }
}
