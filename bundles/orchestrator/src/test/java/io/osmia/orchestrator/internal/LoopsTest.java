package io.osmia.orchestrator.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.NodeFacts;
import io.osmia.roles.Clock;
import io.osmia.roles.Leadership;
import io.osmia.scheduler.PlacementRules;
import io.osmia.store.By;
import io.osmia.store.LocalStore;
import io.osmia.store.Subscription;
import io.osmia.store.Table;
import io.osmia.store.loop.CountingIds;
import io.osmia.wire.swarmkit.GlobalService;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Placement;
import io.osmia.wire.swarmkit.ReplicatedService;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The components as Declarative Services makes them: on threads of their own, with the term of the leadership. */
@Timeout(30)
class LoopsTest {

    private static final long TERM = 7;

    private final Clock clock = () -> Scene.START;
    private final Leadership leadership = () -> TERM;
    private final LocalStore store = new LocalStore(clock);
    private final PlacementRules rules = new AnyNode();

    @Test
    void theyActOnServicesWhileTheirTermIsInForce() throws Exception {
        store.requireTerm(TERM);
        create("web", spec -> spec.setReplicated(ReplicatedService.newBuilder().setReplicas(2)));
        ReplicatedLoop replicated = new ReplicatedLoop(leadership, store, clock, new CountingIds(), rules);
        GlobalLoop global = new GlobalLoop(leadership, store, clock, () -> "global-task", rules);
        ReaperLoop reaper = new ReaperLoop(leadership, store, clock);
        EnforcerLoop enforcer = new EnforcerLoop(leadership, store, clock, rules);
        store.update(TERM, tx -> tx.create(
                Table.NODES,
                Node.newBuilder()
                        .setId("a")
                        .setStatus(NodeStatus.newBuilder().setState(NodeStatus.State.READY))
                        .build()));
        create("agent", spec -> spec.setGlobal(GlobalService.getDefaultInstance()));
        awaitTasks("web", 2);
        awaitTasks("agent", 1);
        enforcer.deactivate();
        reaper.deactivate();
        global.deactivate();
        replicated.deactivate();
        create("late", spec -> spec.setReplicated(ReplicatedService.newBuilder().setReplicas(1)));
        assertThat(store.view().find(Table.TASKS, By.service("late"))).isEmpty();
    }

    private void create(String id, UnaryOperator<ServiceSpec.Builder> mode) {
        ServiceSpec.Builder spec = ServiceSpec.newBuilder().setTask(Scene.taskSpec("one"));
        spec.getAnnotationsBuilder().setName(id);
        store.update(TERM, tx -> tx.create(
                Table.SERVICES,
                Service.newBuilder().setId(id).setSpec(mode.apply(spec)).build()));
    }

    private void awaitTasks(String service, int count) throws InterruptedException {
        try (Subscription commits = store.subscribe("test", 100)) {
            while (store.view().find(Table.TASKS, By.service(service)).size() < count) {
                assertThat(commits.poll(Duration.ofSeconds(10))).as("a commit within 10 s").isNotNull();
            }
        }
        assertThat(store.view().find(Table.TASKS, By.service(service))).hasSize(count);
    }

    /** Constraints hold everywhere. */
    private static final class AnyNode implements PlacementRules {

        @Override
        public Match check(Placement placement, Node node) {
            return Match.YES;
        }

        @Override
        public NodeFacts facts(Node node) {
            throw new UnsupportedOperationException("no plugin here");
        }

        @Override
        public AutoCloseable onChange(Runnable listener) {
            return () -> {};
        }
    }
}
