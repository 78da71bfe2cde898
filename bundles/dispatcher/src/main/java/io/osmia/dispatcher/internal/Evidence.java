package io.osmia.dispatcher.internal;

import com.google.protobuf.Timestamp;
import io.osmia.wire.osmia.NodeEvidence;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this leader has heard of each node, which says why its status is what it is. Outlives sessions, and is forgotten with
 * the node or the leadership. Costs no write: it is kept here alone.
 */
final class Evidence {

    private static final class Heard {
        @Nullable
        Instant beat;

        @Nullable
        Instant registered;

        String error = "";
    }

    private final Map<String, Heard> nodes = new HashMap<>();

    private Heard of(String nodeId) {
        return nodes.computeIfAbsent(nodeId, id -> new Heard());
    }

    /** A sign of life. */
    void beat(String nodeId, Instant now) {
        of(nodeId).beat = now;
    }

    void registered(String nodeId, Instant now) {
        Heard heard = of(nodeId);
        heard.registered = now;
        heard.beat = now;
    }

    /** Something went wrong with the node; only the last such thing is kept. */
    void error(String nodeId, String what, Instant now) {
        of(nodeId).error = now + " " + what;
    }

    void forget(String nodeId) {
        nodes.remove(nodeId);
    }

    NodeEvidence about(String nodeId) {
        NodeEvidence.Builder evidence = NodeEvidence.newBuilder().setNodeId(nodeId);
        Heard heard = nodes.get(nodeId);
        if (heard == null) {
            return evidence.build();
        }
        if (heard.beat != null) {
            evidence.setLastHeartbeat(timestamp(heard.beat));
        }
        if (heard.registered != null) {
            evidence.setRegistered(timestamp(heard.registered));
        }
        return evidence.setLastError(heard.error).build();
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
