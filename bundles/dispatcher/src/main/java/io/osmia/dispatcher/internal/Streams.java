package io.osmia.dispatcher.internal;

import io.grpc.Status;
import io.osmia.store.Change;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All open streams, by node, and those of them that have something to send. */
final class Streams {

    private final Map<String, List<NodeStream>> byNode = new LinkedHashMap<>();
    private final Map<Sink<?>, NodeStream> bySink = new IdentityHashMap<>();
    private final Set<NodeStream> waiting = new LinkedHashSet<>();

    void add(NodeStream stream) {
        byNode.computeIfAbsent(stream.nodeId(), id -> new ArrayList<>()).add(stream);
        bySink.put(stream.sink(), stream);
    }

    /** Forgets the stream that writes to the sink, and says which that was; null when it has ended before. */
    @Nullable
    NodeStream remove(Sink<?> sink) {
        NodeStream stream = bySink.remove(sink);
        if (stream == null) {
            return null;
        }
        waiting.remove(stream);
        byNode.computeIfPresent(stream.nodeId(), (id, list) -> {
            list.remove(stream);
            return list.isEmpty() ? null : list;
        });
        return stream;
    }

    /** The node opens the session that it has once more. */
    void replaceSession(String nodeId) {
        for (NodeStream stream : byNode.getOrDefault(nodeId, List.of())) {
            if (stream instanceof SessionStream session) {
                session.replace();
            }
        }
    }

    /** A task changed. */
    void task(Change<Task> change, View after) {
        for (NodeStream stream : byNode.getOrDefault(change.object().getNodeId(), List.of())) {
            stream.task(change, after);
            waiting.add(stream);
        }
    }

    /** Something that every session message carries changed. */
    void session() {
        byNode.keySet().forEach(this::session);
    }

    /** The node changed. */
    void session(String nodeId) {
        for (NodeStream stream : byNode.getOrDefault(nodeId, List.of())) {
            stream.session();
            waiting.add(stream);
        }
    }

    void resync(View view) {
        byNode.values().forEach(list -> list.forEach(stream -> {
            stream.resync(view);
            waiting.add(stream);
        }));
    }

    void flush(View view, Instant now) {
        for (Iterator<NodeStream> each = waiting.iterator(); each.hasNext();) {
            if (each.next().flush(view, now)) {
                each.remove();
            }
        }
    }

    /** When something that waits may be sent without any other event. */
    @Nullable
    Instant deadline() {
        Instant earliest = null;
        for (NodeStream stream : waiting) {
            earliest = Earliest.of(earliest, stream.deadline());
        }
        return earliest;
    }

    /** Ends the node's streams. */
    void end(String nodeId, Status status) {
        List<NodeStream> list = byNode.remove(nodeId);
        if (list != null) {
            list.forEach(stream -> {
                waiting.remove(stream);
                bySink.remove(stream.sink());
            });
            list.forEach(stream -> stream.end(status));
        }
    }

    /** Ends all streams. */
    void stop(View view) {
        byNode.values().forEach(list -> list.forEach(stream -> stream.end(stream.farewell(view))));
        byNode.clear();
        bySink.clear();
        waiting.clear();
    }
}
