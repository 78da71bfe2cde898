package io.osmia.orchestrator.internal.roles;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.roles.Clock;
import io.osmia.roles.ManagerRole;
import io.osmia.store.LocalStore;
import io.osmia.store.Subscription;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The component as Declarative Services makes it. */
@Timeout(30)
class RoleLoopTest {

    private static final long TERM = 7;

    private final Clock clock = () -> Instant.EPOCH;
    private final LocalStore store = new LocalStore(clock);
    private final Group group = new Group().with(1, "leader", true).with(2, "second", false);

    private record Self(String nodeId, String clusterId) implements ManagerRole {}

    private void node(String id, NodeRole desired) {
        Node.Builder node = Node.newBuilder().setId(id).setRole(NodeRole.MANAGER);
        node.getSpecBuilder().setDesiredRole(desired);
        store.update(TERM, tx -> tx.create(Table.NODES, node.build()));
    }

    @Test // RAF-029
    void aDemotionRunsThroughTheGroupToTheNodeObject() throws Exception {
        store.requireTerm(TERM);
        node("leader", NodeRole.MANAGER);
        node("second", NodeRole.WORKER);
        RoleLoop loop = new RoleLoop(() -> TERM, new Self("leader", "cluster"), store, clock, group, group);
        try (Subscription commits = store.subscribe("test", 100)) {
            while (store.view().get(Table.NODES, "second").getRole() != NodeRole.WORKER) {
                assertThat(commits.poll(Duration.ofSeconds(10))).as("a commit within 10 s").isNotNull();
            }
        }
        assertThat(group.calls).containsExactly("remove 2");
        loop.deactivate();
        assertThat(group.listeners()).isZero();
    }
}
