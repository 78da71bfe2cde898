package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.raft.RaftConfig.Start;
import io.osmia.raft.TestCluster.Node;
import io.osmia.roles.Membership.Member;
import io.osmia.roles.MembershipException;
import io.osmia.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several members, over TLS. */
class MembersTest {

    @TempDir
    Path directory;

    private TestCluster cluster;

    @BeforeEach
    void open() {
        cluster = new TestCluster(directory, RaftLimits.DEFAULT);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    @DisplayName("RAF-001, RAF-002, RAF-004: three managers agree on members and leader, and a write reaches each store")
    void threeManagersAgree() throws Exception {
        cluster.form("n1", "n2", "n3");
        cluster.awaitMembers("n1", "n2", "n3");
        cluster.create("a");
        cluster.awaitEverywhere("a");
        assertThat(cluster.nodes.values())
                .allSatisfy(n -> assertThat(n.raft.leader().orElseThrow().nodeId())
                        .isEqualTo(cluster.leader().name));
    }

    @Test
    @DisplayName("RAF-001: a member that joins again with other addresses has these everywhere, and after a restart")
    void aMembersAddressesMayChange() throws Exception {
        cluster.form("n1", "n2", "n3");
        Node follower = cluster.follower();
        Member moved = new Member(
                TestCluster.raftId(follower.name), follower.name, "10.0.0.7:4242", follower.raft.raftAddress(), false,
                true);
        follower.raft.advertise("10.0.0.7:4242");
        assertThat(follower.raft.joined()).isFalse();
        cluster.leader().raft.add(moved);
        awaitAddress(follower.name, "10.0.0.7:4242");
        assertThat(follower.raft.joined()).isTrue();
        // Once more: nothing changes, and nothing waits for a change.
        cluster.leader().raft.add(moved);

        cluster.stop(follower.name);
        cluster.create("while-away");
        Node again = cluster.restart(follower.name);
        cluster.awaitEverywhere("while-away");
        awaitAddress(follower.name, TestCluster.api(follower.name));
        assertThat(again.raft.joined()).isTrue();
    }

    private void awaitAddress(String name, String address) {
        TestCluster.soon().untilAsserted(() -> assertThat(cluster.nodes.values())
                .allSatisfy(n -> assertThat(n.raft.members())
                        .filteredOn(m -> m.nodeId().equals(name))
                        .extracting(Member::address)
                        .containsExactly(address)));
    }

    @Test
    @DisplayName("RAF-002, RAF-011: when the leader stops another leads; all stop and start again, one by one or at once")
    void thereIsALeaderAfterEachStop() throws Exception {
        cluster.form("n1", "n2", "n3");
        cluster.create("first");
        Node before = cluster.leader();
        cluster.stop(before.name);
        cluster.create("second");
        assertThat(cluster.leader().name).isNotEqualTo(before.name);
        cluster.restart(before.name);
        cluster.awaitEverywhere("second");

        cluster.close();
        Node one = cluster.open("n1", Start.RECOVER);
        Node two = cluster.open("n2", Start.RECOVER);
        Node three = cluster.open("n3", Start.RECOVER);
        cluster.create("third");
        cluster.awaitOn(List.of(one, two, three), "first");
        cluster.awaitEverywhere("third");
    }

    @Test
    @DisplayName("RAF-007: a member leaves, is told, and the others go on")
    void aMemberLeaves() throws Exception {
        cluster.form("n1", "n2", "n3");
        Node leaving = cluster.follower();
        CountDownLatch told = new CountDownLatch(1);
        leaving.raft.onRemoved(told::countDown);
        cluster.leader().raft.remove(TestCluster.raftId(leaving.name));
        assertThat(told.await(20, TimeUnit.SECONDS)).as("told that it was removed").isTrue();
        assertThat(leaving.raft.trouble()).contains("this manager is no longer a member of the raft group");
        cluster.stop(leaving.name);
        cluster.awaitMembers(cluster.nodes.keySet().toArray(String[]::new));
        cluster.create("after");
        cluster.awaitEverywhere("after");
        assertThatThrownBy(() -> cluster.leader().raft.remove(TestCluster.raftId(leaving.name)))
                .isInstanceOf(MembershipException.class)
                .hasMessage("membership: member not found in cluster list");
    }

    @Test
    @DisplayName("RAF-022: what would lose quorum is refused with the counts; a dead member may go")
    void whatWouldLoseQuorumIsRefused() throws Exception {
        cluster.form("n1", "n2", "n3");
        Node leader = cluster.leader();
        List<String> others =
                cluster.nodes.keySet().stream().filter(n -> !n.equals(leader.name)).toList();
        assertThat(leader.raft.objection(TestCluster.raftId(others.getFirst()))).isEmpty();
        cluster.stop(others.getFirst());
        TestCluster.soon()
                .until(() -> leader.raft.objection(TestCluster.raftId(others.getLast())).isPresent());
        assertThatThrownBy(() -> leader.raft.remove(TestCluster.raftId(others.getLast())))
                .isInstanceOf(MembershipException.class)
                .hasMessage("raft: member cannot be removed, because removing it may result in loss of quorum"
                        + " [2 of 3 managers reachable now, 1 of 2 after; 2 needed]");
        leader.raft.remove(TestCluster.raftId(others.getFirst()));
        cluster.awaitMembers(leader.name, others.getLast());
        cluster.create("two");
        cluster.awaitEverywhere("two");
    }

    @Test
    @DisplayName("RAF-014, RAF-015: a newcomer that cannot be reached is refused soon, and the members stay")
    void aDeadNewcomerIsRefused() throws Exception {
        cluster.form("n1", "n2");
        cluster.awaitMembers("n1", "n2");
        long before = System.nanoTime();
        assertThatThrownBy(() -> cluster.leader().raft.add(TestCluster.member("n3", "127.0.0.1:1")))
                .isInstanceOf(MembershipException.class)
                .hasMessageContaining("node n3 cannot be reached at its raft address");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        cluster.awaitMembers("n1", "n2");
        cluster.create("go-on");
        cluster.join("n3");
        cluster.awaitMembers("n1", "n2", "n3");
        cluster.awaitEverywhere("go-on");
    }

    @Test
    @DisplayName("RAF-012: a member that lost its state joins anew, and takes the place of the one it was")
    void aWipedMemberJoinsAnew() throws Exception {
        cluster.form("n1", "n2", "n3");
        cluster.create("kept");
        String name = cluster.follower().name;
        cluster.stop(name);
        RaftConfig config = cluster.config(name, Start.JOIN);
        RaftState.wipe(config.stateDir());
        assertThat(config.stateDir().resolve("raft")).doesNotExist();
        long fresh = RaftState.newRaftId();
        Node anew = cluster.open(new RaftConfig(
                config.stateDir(),
                new RaftIdentity(TestCluster.CLUSTER, fresh, name),
                Start.JOIN,
                config.addresses(),
                config.clock(),
                config.limits(),
                config.credentials(),
                null,
                config.excluded()));
        cluster.leader().raft.add(new Member(fresh, name, TestCluster.api(name), anew.raft.raftAddress(), false, true));
        cluster.awaitEverywhere("kept");
        TestCluster.soon().untilAsserted(() -> assertThat(cluster.leader().memberIds())
                .hasSize(3)
                .contains(fresh)
                .doesNotContain(TestCluster.raftId(name)));
    }

    @Test
    @DisplayName("RAF-006: without a majority nothing is committed; with it everything goes on")
    void withoutAMajorityNothingIsCommitted() throws Exception {
        cluster.form("n1", "n2", "n3", "n4", "n5");
        cluster.create("before");
        cluster.awaitEverywhere("before");
        Node leader = cluster.leader();
        List<String> gone = cluster.nodes.keySet().stream()
                .filter(n -> !n.equals(leader.name))
                .limit(3)
                .toList();
        gone.forEach(cluster::stop);
        assertThatThrownBy(() -> leader.create("lost")).isInstanceOf(StoreException.class);
        TestCluster.soon().until(() -> !leader.leads());
        assertThat(cluster.nodes.values()).noneMatch(n -> n.has("lost"));
        assertThat(leader.raft.linearizable()).isNotDone();
        cluster.open(gone.getFirst(), Start.RECOVER);
        cluster.create("after");
        cluster.awaitEverywhere("after");
        cluster.awaitEverywhere("before");
    }

    @Test
    void leadershipMovesOnRequest() throws Exception {
        cluster.form("n1", "n2", "n3");
        Node to = cluster.follower();
        Node from = cluster.leader();
        from.raft.transferLeadership(TestCluster.id(to.name));
        TestCluster.soon().until(to::leads);
        assertThatThrownBy(() -> from.raft.transferLeadership(OptionalLong.empty()))
                .isInstanceOfSatisfying(MembershipException.class, e -> assertThat(e.reason())
                        .isEqualTo(MembershipException.Reason.NOT_LEADER));
        to.raft.transferLeadership(OptionalLong.empty());
        TestCluster.soon().until(() -> !to.leads() && cluster.leader() != to);
        cluster.create("after");
        cluster.awaitEverywhere("after");
    }

    @Test
    void aReadOnAFollowerIsAsNewAsTheLeader() throws Exception {
        cluster.form("n1", "n2", "n3");
        Node follower = cluster.follower();
        for (int i = 0; i < 50; i++) {
            String id = "r" + i;
            cluster.leader().create(id);
            follower.raft.linearizable().get(20, TimeUnit.SECONDS);
            assertThat(follower.has(id)).as(id).isTrue();
        }
        long version = cluster.leader().raft.view().version();
        CompletableFuture<Void> next = follower.raft.reached(version + 1);
        assertThat(next).isNotDone();
        follower.raft.reached(version).get(20, TimeUnit.SECONDS);
        cluster.leader().create("next");
        next.get(20, TimeUnit.SECONDS);
        assertThat(follower.has("next")).isTrue();
    }
}
