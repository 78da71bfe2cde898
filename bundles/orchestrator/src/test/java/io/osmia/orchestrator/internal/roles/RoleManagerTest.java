package io.osmia.orchestrator.internal.roles;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.LocalStore;
import io.osmia.store.Table;
import io.osmia.store.loop.Simulation;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RAF-029 role manager")
class RoleManagerTest {

    private static final long TERM = 1;
    private static final String SELF = "leader";

    private final Simulation sim = new Simulation(Instant.parse("2026-01-01T00:00:00Z"));
    private final LocalStore store = sim.store();
    private final Group group = new Group().with(1, SELF, true).with(2, "second", false).with(3, "third", false);
    private final Queue<MemberRequest> requests = new ArrayDeque<>();
    private final RoleManager manager = new RoleManager(store, TERM, group, SELF, requests::add);

    private void begin() {
        sim.add("role-manager", manager);
        sim.settle();
    }

    private void node(String id, NodeRole role, NodeRole desired) {
        Node.Builder node = Node.newBuilder().setId(id).setRole(role);
        node.getSpecBuilder().setDesiredRole(desired);
        store.update(TERM, tx -> tx.create(Table.NODES, node.build()));
        sim.settle();
    }

    private void managers(String... ids) {
        for (String id : ids) {
            node(id, NodeRole.MANAGER, NodeRole.MANAGER);
        }
    }

    private void ask(String id, NodeRole desired) {
        store.update(TERM, tx -> {
            Node.Builder node = tx.get(Table.NODES, id).toBuilder();
            node.getSpecBuilder().setDesiredRole(desired);
            return tx.update(Table.NODES, node.build());
        });
        sim.settle();
    }

    private void delete(String id) {
        store.update(TERM, tx -> {
            tx.delete(Table.NODES, id);
            return id;
        });
        sim.settle();
    }

    private NodeRole role(String id) {
        return store.view().get(Table.NODES, id).getRole();
    }

    /** The request is carried out, as the group would. */
    private void done(MemberRequest request) {
        group.members.removeIf(member -> member.raftId() == request.raftId());
        manager.answered(request, Optional.empty());
        sim.settle();
    }

    private void refused(MemberRequest request) {
        manager.answered(request, Optional.of("the quorum would be lost"));
        sim.settle();
    }

    @Test // rule 8.7.2
    void aPromotedNodeIsAManagerAtOnce() {
        managers(SELF, "second", "third");
        begin();
        node("n", NodeRole.WORKER, NodeRole.WORKER);
        ask("n", NodeRole.MANAGER);
        assertThat(role("n")).isEqualTo(NodeRole.MANAGER);
        assertThat(requests).isEmpty();
    }

    @Test // rule 8.7.3
    void aDemotedNodeIsAWorkerWhenItIsNoLongerAMember() {
        managers(SELF, "second", "third");
        begin();
        ask("second", NodeRole.WORKER);
        assertThat(requests).containsExactly(new MemberRequest.Evict(2, "second"));
        assertThat(role("second")).isEqualTo(NodeRole.MANAGER);

        done(requests.remove());

        assertThat(role("second")).isEqualTo(NodeRole.WORKER);
        assertThat(requests).isEmpty();
    }

    @Test
    void theListOfMembersMayLagBehindTheEviction() {
        managers(SELF, "second", "third");
        begin();
        ask("second", NodeRole.WORKER);
        manager.answered(requests.remove(), Optional.empty());
        sim.settle();
        assertThat(role("second")).isEqualTo(NodeRole.WORKER);
        assertThat(requests).isEmpty();
    }

    @Test // rule 8.7.3
    void aDemotionThatWouldLoseTheQuorumIsTriedEveryFiveSeconds() {
        managers(SELF, "second", "third");
        begin();
        ask("second", NodeRole.WORKER);
        refused(requests.remove());
        sim.advance(Duration.ofMillis(4999));
        assertThat(requests).isEmpty();
        for (int i = 0; i < 3; i++) {
            sim.advance(Duration.ofMillis(i == 0 ? 1 : 5000));
            assertThat(requests).hasSize(1);
            refused(requests.remove());
        }
        assertThat(role("second")).isEqualTo(NodeRole.MANAGER);

        sim.advance(Duration.ofSeconds(5));
        done(requests.remove());

        assertThat(role("second")).isEqualTo(NodeRole.WORKER);
        sim.advance(Duration.ofMinutes(1));
        assertThat(requests).isEmpty();
    }

    @Test
    void aRequestThatIsUnderWayIsNotMadeTwice() {
        managers(SELF, "second", "third");
        begin();
        ask("second", NodeRole.WORKER);
        manager.membersChanged();
        sim.advance(Duration.ofMinutes(1));
        assertThat(requests).hasSize(1);
    }

    @Test // rule 8.7.3
    void theLeaderItselfHandsOverAndTheNextLeaderGoesOn() {
        managers(SELF, "second", "third");
        begin();
        ask(SELF, NodeRole.WORKER);
        assertThat(requests).containsExactly(new MemberRequest.HandOver(1, SELF));
        manager.answered(requests.remove(), Optional.empty());
        sim.settle();
        assertThat(role(SELF)).isEqualTo(NodeRole.MANAGER);

        Queue<MemberRequest> next = new ArrayDeque<>();
        sim.add("next", new RoleManager(store, TERM, group, "second", next::add));
        sim.settle();

        assertThat(next).containsExactly(new MemberRequest.Evict(1, SELF));
    }

    @Test
    void aLeaderThatCouldNotHandOverTriesAgain() {
        managers(SELF, "second", "third");
        begin();
        ask(SELF, NodeRole.WORKER);
        refused(requests.remove());
        sim.advance(Duration.ofSeconds(5));
        assertThat(requests).containsExactly(new MemberRequest.HandOver(1, SELF));
    }

    @Test
    void aLeaderThatHandedOverAndLeadsAllTheSameTriesAgain() {
        managers(SELF, "second", "third");
        begin();
        ask(SELF, NodeRole.WORKER);
        manager.answered(requests.remove(), Optional.empty());
        sim.advance(Duration.ofSeconds(5));
        assertThat(requests).containsExactly(new MemberRequest.HandOver(1, SELF));
    }

    @Test // rule 8.7.3
    void aDemotionThatIsTakenBackInTimeLeavesEverythingAsItWas() {
        managers(SELF, "second", "third");
        begin();
        ask("second", NodeRole.WORKER);
        refused(requests.remove());
        ask("second", NodeRole.MANAGER);
        sim.advance(Duration.ofMinutes(1));
        assertThat(requests).isEmpty();
        assertThat(role("second")).isEqualTo(NodeRole.MANAGER);
    }

    @Test // rule 8.7.4
    void aDeletedNodeIsEvicted() {
        managers(SELF, "second", "third");
        begin();
        delete("third");
        assertThat(requests).containsExactly(new MemberRequest.Evict(3, "third"));
        done(requests.remove());
        sim.advance(Duration.ofMinutes(1));
        assertThat(requests).isEmpty();
    }

    @Test // rule 8.7.4
    void whatIsFoundAtTheStartIsSetRight() {
        managers(SELF);
        node("promoted", NodeRole.WORKER, NodeRole.MANAGER);
        node("demoted", NodeRole.MANAGER, NodeRole.WORKER);
        node("second", NodeRole.MANAGER, NodeRole.WORKER);
        begin();
        assertThat(role("promoted")).isEqualTo(NodeRole.MANAGER);
        assertThat(role("demoted")).isEqualTo(NodeRole.WORKER);
        assertThat(role("second")).isEqualTo(NodeRole.MANAGER);
        assertThat(requests)
                .containsExactlyInAnyOrder(
                        new MemberRequest.Evict(2, "second"), new MemberRequest.Evict(3, "third"));
    }

    @Test // rule 0.5: the founder leads before its own node object is there
    void aManagerDoesNotEvictItselfWhileItsClusterIsBeingFounded() {
        begin();
        assertThat(requests).noneMatch(request -> request.nodeId().equals(SELF));
        node(SELF, NodeRole.WORKER, NodeRole.MANAGER);
        assertThat(role(SELF)).isEqualTo(NodeRole.MANAGER);
    }

    @Test
    void aWorkerThatJoinedWithACertificateFromBeforeItsDemotionIsEvicted() {
        managers(SELF, "second", "third");
        begin();
        node("late", NodeRole.WORKER, NodeRole.WORKER);
        group.with(4, "late", false);
        manager.membersChanged();
        sim.settle();
        assertThat(requests).containsExactly(new MemberRequest.Evict(4, "late"));
    }

    @Test
    void heartbeatsAndDescriptionsOfNodesAreNoReasonToLook() {
        managers(SELF, "second", "third");
        begin();
        long version = store.view().version();
        int looks = group.looks;
        store.update(TERM, tx -> {
            Node.Builder node = tx.get(Table.NODES, "second").toBuilder();
            node.getStatusBuilder().setState(NodeStatus.State.READY);
            return tx.update(Table.NODES, node.build());
        });
        sim.settle();
        assertThat(group.looks).isEqualTo(looks);
        assertThat(manager.deadline()).isNull();
        assertThat(store.view().version()).isEqualTo(version + 1);
    }
}
