package io.osmia.dispatcher.internal;

import io.osmia.store.Change;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.AssignmentsMessage;
import io.osmia.wire.swarmkit.Task;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells one agent what to run (rule 6.9). */
final class AssignmentStream extends NodeStream {

    private final Sink<AssignmentsMessage> sink;
    private final AssignmentSet set;
    private final Pace pace;

    AssignmentStream(String nodeId, String sessionId, Sink<AssignmentsMessage> sink, Pace pace) {
        super(nodeId, sessionId, sink);
        this.sink = sink;
        this.pace = pace;
        this.set = new AssignmentSet(nodeId);
    }

    /** Sends the whole set; call once, first. */
    void open(View view) {
        sink.send(set.complete(view));
    }

    @Override
    void task(Change<Task> change, View after) {
        set.change(change, after);
    }

    @Override
    void resync(View view) {
        set.resync(view);
    }

    @Override
    boolean flush(View view, Instant now) {
        int waiting = set.waiting();
        if (sink.ready() && pace.due(waiting, now)) {
            set.incremental().ifPresent(sink::send);
            pace.went(waiting, now);
        }
        return set.waiting() == 0;
    }

    @Override
    @Nullable
    Instant deadline() {
        return sink.ready() ? pace.next(set.waiting()) : null;
    }
}
