package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.raft.RaftConfig.Start;
import io.osmia.raft.TestCluster.Node;
import io.osmia.roles.MemberChanges.QuorumLoss;
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
        cluster = new TestCluster(directory, Fixture.LIMITS);
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
        TestCluster.soon().untilAsserted(() -> {
            String leader = cluster.leader().name;
            assertThat(cluster.nodes.values())
                    .allSatisfy(n -> assertThat(n.raft.leader()).map(Member::nodeId).contains(leader));
        });
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
        cluster.asLeader(leader -> leader.raft.add(moved));
        awaitAddress(follower.name, "10.0.0.7:4242");
        TestCluster.soon().until(follower.raft::joined);
        // Once more: nothing changes, and nothing waits for a change.
        cluster.asLeader(leader -> leader.raft.add(moved));

        cluster.stop(follower.name);
        cluster.create("while-away");
        Node again = cluster.restart(follower.name);
        cluster.awaitEverywhere("while-away");
        awaitAddress(follower.name, TestCluster.api(follower.name));
        TestCluster.soon().until(again.raft::joined);
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
        cluster.restartAll("n1", "n2", "n3");
        cluster.create("third");
        cluster.awaitEverywhere("first");
        cluster.awaitEverywhere("third");
    }

    @Test
    @DisplayName("RAF-007: a member leaves, is told, and the others go on")
    void aMemberLeaves() throws Exception {
        cluster.form("n1", "n2", "n3");
        Node leaving = cluster.follower();
        CountDownLatch told = new CountDownLatch(1);
        leaving.raft.onRemoved(told::countDown);
        cluster.remove(leaving.name);
        assertThat(told.await(20, TimeUnit.SECONDS)).as("told that it was removed").isTrue();
        assertThat(leaving.raft.trouble()).contains("this manager is no longer a member of the raft group");
        cluster.stop(leaving.name);
        cluster.awaitMembers(cluster.nodes.keySet().toArray(String[]::new));
        cluster.create("after");
        cluster.awaitEverywhere("after");
        long left = TestCluster.raftId(leaving.name);
        assertThatThrownBy(() -> cluster.asLeader(leader -> leader.raft.remove(left)))
                .isInstanceOf(MembershipException.class)
                .hasMessage("membership: member not found in cluster list");
    }

    @Test
    @DisplayName("RAF-022: what would lose quorum is refused with the counts; a dead member may go")
    void whatWouldLoseQuorumIsRefused() throws Exception {
        cluster.form("n1", "n2", "n3");
        Node before = cluster.leader();
        List<String> others =
                cluster.nodes.keySet().stream().filter(n -> !n.equals(before.name)).toList();
        long dead = TestCluster.raftId(others.getFirst());
        long alive = TestCluster.raftId(others.getLast());
        TestCluster.soon().until(() -> cluster.leader().raft.objection(dead).isEmpty());
        cluster.stop(others.getFirst());
        TestCluster.soon().untilAsserted(() -> {
            RaftNode leader = cluster.leader().raft;
            assertThat(leader.objection(alive)).contains(new QuorumLoss(3, 2, 2, 1));
            assertThatThrownBy(() -> leader.remove(alive))
                    .isInstanceOf(MembershipException.class)
                    .hasMessage("raft: member cannot be removed, because removing it may result in loss of quorum"
                            + " [2 of 3 managers reachable now, 1 of 2 after; 2 needed]");
        });
        cluster.remove(others.getFirst());
        cluster.awaitMembers(before.name, others.getLast());
        cluster.create("two");
        cluster.awaitEverywhere("two");
    }

    @Test
    @DisplayName("RAF-014, RAF-015: a newcomer that cannot be reached is refused soon, and the members stay")
    void aDeadNewcomerIsRefused() throws Exception {
        cluster.form("n1", "n2");
        cluster.awaitMembers("n1", "n2");
        // Should leadership move meanwhile, the answer is another one, and the next leader is asked.
        TestCluster.soon().atMost(TestCluster.PATIENT).untilAsserted(() -> {
            long before = System.nanoTime();
            assertThatThrownBy(() -> cluster.leader().raft.add(TestCluster.member("n3", "127.0.0.1:1")))
                    .isInstanceOf(MembershipException.class)
                    .hasMessageContaining("node n3 cannot be reached at its raft address");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(25));
        });
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
        Member joining = new Member(fresh, name, TestCluster.api(name), anew.raft.raftAddress(), false, true);
        cluster.asLeader(leader -> leader.raft.add(joining));
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
        cluster.restart(gone.getFirst());
        cluster.create("after");
        cluster.awaitEverywhere("after");
        cluster.awaitEverywhere("before");
    }

    @Test
    void leadershipMovesOnRequest() throws Exception {
        cluster.form("n1", "n2", "n3");
        Node from = cluster.leader();
        Node to = cluster.nodes.values().stream().filter(n -> n != from).findFirst().orElseThrow();
        cluster.leadBy(to.name);
        TestCluster.soon().until(() -> !from.leads());
        assertThatThrownBy(() -> from.raft.transferLeadership(OptionalLong.empty()))
                .isInstanceOfSatisfying(MembershipException.class, e -> assertThat(e.reason())
                        .isEqualTo(MembershipException.Reason.NOT_LEADER));
        cluster.asLeader(leader -> {
            if (leader == to) {
                leader.raft.transferLeadership(OptionalLong.empty());
            }
        });
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
            cluster.create(id);
            follower.raft.linearizable().get(20, TimeUnit.SECONDS);
            assertThat(follower.has(id)).as(id).isTrue();
        }
        long version = cluster.leader().raft.view().version();
        CompletableFuture<Void> next = follower.raft.reached(version + 1);
        assertThat(next).isNotDone();
        follower.raft.reached(version).get(20, TimeUnit.SECONDS);
        cluster.create("next");
        next.get(20, TimeUnit.SECONDS);
        assertThat(follower.has("next")).isTrue();
    }
}
