package io.osmia.orchestrator.internal.roles;

import io.osmia.roles.Membership;
import io.osmia.roles.Membership.Member;
import io.osmia.store.By;
import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.Store;
import io.osmia.store.StoreException;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings each node's role to the one that is asked for (rule 8.7): looks at nodes that were touched, and every 5 s at those
 * that could not have their way. Changes of the raft group are requested, at most one at a time for each member, and
 * answered by {@link #answered}.
 */
final class RoleManager implements Reactor {

    private static final Logger LOG = LoggerFactory.getLogger(RoleManager.class);
    static final Duration RETRY = Duration.ofSeconds(5);

    private record Assignment(String nodeId, NodeRole role) {}

    private final Store store;
    private final long term;
    private final Membership membership;
    private final RoleRules rules;
    private final Consumer<MemberRequest> group;

    /** Nodes to look at now. */
    private final SortedSet<String> touched = new TreeSet<>();
    /** Nodes to look at again at the next try. */
    private final SortedSet<String> waiting = new TreeSet<>();
    private @Nullable Instant retryAt;
    /** Members whose change is under way, by raft id. */
    private final Set<Long> asked = new HashSet<>();
    /** Members that are out, whatever the list says yet; raft ids are never used again. */
    private final Set<Long> evicted = new HashSet<>();
    /** The last reason why a node could not have its way. */
    private final SortedMap<String, String> refusals = new TreeMap<>();

    /**
     * @param self node id of this manager
     * @param group takes requests; must not block
     */
    RoleManager(Store store, long term, Membership membership, String self, Consumer<MemberRequest> group) {
        this.store = store;
        this.term = term;
        this.membership = membership;
        this.rules = new RoleRules(self);
        this.group = group;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.CLUSTERS, Table.NODES);
    }

    @Override
    public void start(View view, Instant now) {
        touched.clear();
        waiting.clear();
        retryAt = null;
        view.find(Table.NODES, By.ALL).forEach(node -> touched.add(node.getId()));
        membersChanged();
    }

    @Override
    public void commit(Commit commit, Instant now) {
        for (Change<?> change : commit.changes()) {
            if (change.object() instanceof Node node && concerns(change, node)) {
                touched.add(node.getId());
            }
        }
    }

    /** Nodes change often, and seldom their roles. */
    private static boolean concerns(Change<?> change, Node node) {
        return change.kind() == Change.Kind.REMOVE
                || !(change.former() instanceof Node former)
                || former.getRole() != node.getRole()
                || former.getSpec().getDesiredRole() != node.getSpec().getDesiredRole();
    }

    /** The raft group changed: whoever is in it now is looked at. */
    void membersChanged() {
        membership.members().forEach(member -> touched.add(member.nodeId()));
    }

    @Override
    public void tick(Instant now) {
        if (retryAt != null && !now.isBefore(retryAt)) {
            retryAt = null;
            touched.addAll(waiting);
            waiting.clear();
        }
        if (!touched.isEmpty()) {
            look(store.view());
        }
        if (waiting.isEmpty()) {
            retryAt = null;
        } else if (retryAt == null) {
            retryAt = now.plus(RETRY);
        }
    }

    private void look(View view) {
        SortedMap<String, List<Member>> members = membersByNode();
        List<Assignment> assignments = new ArrayList<>();
        for (String id : List.copyOf(touched)) {
            waiting.remove(id);
            switch (rules.next(view.get(Table.NODES, id), members.getOrDefault(id, List.of()))) {
                case RoleStep.Rest() -> refusals.remove(id);
                case RoleStep.Assign(var role) -> assignments.add(new Assignment(id, role));
                case RoleStep.Leave(var request) -> ask(request);
            }
        }
        assign(assignments);
        touched.clear();
    }

    private SortedMap<String, List<Member>> membersByNode() {
        SortedMap<String, List<Member>> byNode = new TreeMap<>();
        membership.members().stream()
                .filter(member -> !evicted.contains(member.raftId()))
                .forEach(member -> byNode.computeIfAbsent(member.nodeId(), id -> new ArrayList<>())
                        .add(member));
        return byNode;
    }

    private void ask(MemberRequest request) {
        if (asked.add(request.raftId())) {
            group.accept(request);
        }
    }

    /** A change of the raft group was made, or refused for a reason. */
    void answered(MemberRequest request, Optional<String> refusal) {
        String nodeId = request.nodeId();
        asked.remove(request.raftId());
        if (refusal.isPresent()) {
            if (!refusal.get().equals(refusals.put(nodeId, refusal.get()))) {
                LOG.warn("node {} is to leave the managers and cannot yet, tried again every {} s: {}", nodeId,
                        RETRY.toSeconds(), refusal.get());
            }
            waiting.add(nodeId);
            return;
        }
        switch (request) {
            case MemberRequest.Evict(var raftId, var node) -> {
                LOG.info("node {} is no longer a member of the raft group", node);
                evicted.add(raftId);
                touched.add(node);
            }
            // The next leader goes on; should this one still lead then, it tries again.
            case MemberRequest.HandOver(var raftId, var node) -> waiting.add(node);
        }
    }

    private void assign(List<Assignment> assignments) {
        if (assignments.isEmpty()) {
            return;
        }
        List<Consumer<Tx>> steps = assignments.stream()
                .<Consumer<Tx>>map(assignment -> tx -> assign(tx, assignment.nodeId(), assignment.role()))
                .toList();
        List<StoreException> refused = store.batch(term, steps);
        for (int i = 0; i < refused.size(); i++) {
            StoreException refusal = refused.get(i);
            if (refusal != null && refusal.reason().passes()) {
                throw refusal;
            }
            if (refusal != null) {
                String nodeId = assignments.get(i).nodeId();
                LOG.error("node {}: its role cannot be written: {}", nodeId, refusal.getMessage());
                waiting.add(nodeId);
            }
        }
    }

    /** Unless something else is asked for meanwhile. */
    private static void assign(Tx tx, String nodeId, NodeRole role) {
        Node node = tx.get(Table.NODES, nodeId);
        if (node != null && node.getSpec().getDesiredRole() == role && node.getRole() != role) {
            tx.update(Table.NODES, node.toBuilder().setRole(role).build());
        }
    }

    @Override
    public @Nullable Instant deadline() {
        return touched.isEmpty() && (waiting.isEmpty() || retryAt != null) ? retryAt : Instant.EPOCH;
    }
}
