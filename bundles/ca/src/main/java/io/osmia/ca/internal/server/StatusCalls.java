package io.osmia.ca.internal.server;

import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.wire.swarmkit.Node;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The calls that are held open until their node's request has an outcome (rule 7.7.6). Anyone may make such calls, so there
 * are only so many: the one that has waited longest goes when there are more, as those of honest clients last 5 s.
 */
final class StatusCalls implements Reactor {

    static final int MOST = 10_000;

    private final Store store;
    private final SequencedSet<StatusCall> waiting = new LinkedHashSet<>();
    private final Map<String, SequencedSet<StatusCall>> byNode = new HashMap<>();

    StatusCalls(Store store) {
        this.store = store;
    }

    /** Holds a call, or answers it when there is something to say already. */
    void add(StatusCall call) {
        if (settle(call, store.view().get(Table.NODES, call.nodeId()))) {
            return;
        }
        if (waiting.size() == MOST) {
            StatusCall oldest = waiting.getFirst();
            remove(oldest);
            oldest.refuse(Refusals.overloaded(MOST));
        }
        waiting.add(call);
        byNode.computeIfAbsent(call.nodeId(), id -> new LinkedHashSet<>()).add(call);
    }

    /** The client has gone. */
    void remove(StatusCall call) {
        waiting.remove(call);
        byNode.computeIfPresent(call.nodeId(), (id, calls) -> {
            calls.remove(call);
            return calls.isEmpty() ? null : calls;
        });
    }

    int size() {
        return waiting.size();
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.NODES);
    }

    @Override
    public void start(View view, Instant now) {
        for (String nodeId : List.copyOf(byNode.keySet())) {
            settle(nodeId, view.get(Table.NODES, nodeId));
        }
    }

    @Override
    public void commit(Commit commit, Instant now) {
        for (Change<?> change : commit.changes()) {
            if (change.object() instanceof Node node) {
                settle(node.getId(), change.kind() == Change.Kind.REMOVE ? null : node);
            }
        }
    }

    private void settle(String nodeId, @Nullable Node node) {
        for (StatusCall call : List.copyOf(byNode.getOrDefault(nodeId, new LinkedHashSet<>()))) {
            if (settle(call, node)) {
                remove(call);
            }
        }
    }

    private static boolean settle(StatusCall call, @Nullable Node node) {
        if (node == null) {
            call.refuse(Refusals.notFound());
            return true;
        }
        if (StatusCall.isFinal(node)) {
            call.answer(node);
            return true;
        }
        return false;
    }

    @Override
    public void tick(Instant now) {
        // Everything is done when a commit comes.
    }

    @Override
    public @Nullable Instant deadline() {
        return null;
    }
}
