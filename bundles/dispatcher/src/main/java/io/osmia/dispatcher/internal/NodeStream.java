package io.osmia.dispatcher.internal;

import io.grpc.Status;
import io.osmia.store.Change;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Task;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One open server stream of one node. */
abstract class NodeStream {

    private final String nodeId;
    private final String sessionId;
    private final Sink<?> sink;

    NodeStream(String nodeId, String sessionId, Sink<?> sink) {
        this.nodeId = nodeId;
        this.sessionId = sessionId;
        this.sink = sink;
    }

    final String nodeId() {
        return nodeId;
    }

    final String sessionId() {
        return sessionId;
    }

    final Sink<?> sink() {
        return sink;
    }

    final boolean cancelled() {
        return sink.cancelled();
    }

    final void end(Status status) {
        sink.end(status);
    }

    /** A task of the node changed. */
    void task(Change<Task> change, View after) {}

    /** Something that session messages carry changed. */
    void session() {}

    /** Single changes are not known. */
    abstract void resync(View view);

    /**
     * Sends what waits, when it is time and the client reads.
     *
     * @return whether nothing waits any more
     */
    abstract boolean flush(View view, Instant now);

    /** When {@link #flush} would send something without any other event; null for never. */
    @Nullable
    Instant deadline() {
        return null;
    }

    /** Sends what there is to say before the dispatcher stops, and the reason; to be followed by nothing. */
    Status farewell(View view) {
        return Dispatching.STOPPED;
    }
}
