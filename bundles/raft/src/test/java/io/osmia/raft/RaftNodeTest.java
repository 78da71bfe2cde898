package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.roles.Membership.Member;
import io.osmia.store.StoreException;
import io.osmia.store.Subscription;
import io.osmia.store.Subscription.Committed;
import io.osmia.store.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Ratis on a real disk. */
class RaftNodeTest {

    @TempDir
    Path stateDir;

    @Test
    void whatWasAcknowledgedIsThereAfterReopening() throws Exception {
        try (Fixture node = Fixture.open(stateDir)) {
            node.createMany("n", 50);
            assertThat(node.raft.view().count(Table.NODES)).isEqualTo(50);
        }
        try (Fixture node = Fixture.open(stateDir)) {
            assertThat(node.raft.view().count(Table.NODES)).isEqualTo(50);
            assertThat(node.raft.view().version()).isEqualTo(50);
            node.create("again");
            assertThat(node.raft.view().version()).isEqualTo(51);
        }
    }

    @Test
    void leadershipIsToldOnAThreadOfItsOwnWithGrowingTermsAndEndsEmpty() throws Exception {
        long first;
        List<OptionalLong> told = new ArrayList<>();
        List<String> threads = new ArrayList<>();
        try (Fixture node = Fixture.open(stateDir)) {
            first = node.term;
            node.raft.onLeadership(term -> {
                told.add(term);
                threads.add(Thread.currentThread().getName());
            });
        }
        assertThat(told).containsExactly(OptionalLong.of(first), OptionalLong.empty());
        assertThat(threads).containsOnly("raft-leadership");
        try (Fixture node = Fixture.open(stateDir)) {
            assertThat(node.term).isGreaterThan(first);
        }
    }

    @Test
    void aLeaderHasAppliedItsWholeLog() throws Exception {
        try (Fixture node = Fixture.open(stateDir)) {
            node.createMany("n", 200);
        }
        try (RaftNode raft = RaftNode.open(Fixture.config(stateDir, Fixture.LIMITS))) {
            CompletableFuture<Integer> seen = new CompletableFuture<>();
            raft.onLeadership(term -> term.ifPresent(t -> seen.complete(raft.view().count(Table.NODES))));
            assertThat(seen.get(20, TimeUnit.SECONDS)).isEqualTo(200);
        }
    }

    @Test
    void writesOnBehalfOfAnotherTermAreRefused() throws Exception {
        try (Fixture node = Fixture.open(stateDir)) {
            assertThatThrownBy(() -> node.raft.update(node.term - 1, Fixture.creating("a")))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("raft: failed to process the request: node lost leader status");
        }
    }

    @Test
    void subscribersGetEachCommitOnceAndInOrder() throws Exception {
        try (Fixture node = Fixture.open(stateDir);
                Subscription subscription = node.raft.subscribe("test", 1000)) {
            List<CompletableFuture<Long>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(node.raft.submit(node.term, Fixture.creating("n" + i)));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(i + 1);
                assertThat(subscription.poll(Duration.ofSeconds(20)))
                        .isInstanceOfSatisfying(Committed.class, c -> assertThat(c.commit().version())
                                .isPositive());
            }
        }
    }

    @Test
    void aDependentOfAnAnswerMayWrite() throws Exception {
        try (Fixture node = Fixture.open(stateDir)) {
            CompletableFuture<Long> chain = node.raft
                    .submit(node.term, Fixture.creating("a"))
                    .thenApply(v -> node.raft.update(node.term, Fixture.creating("b")));
            assertThat(chain.get(20, TimeUnit.SECONDS)).isEqualTo(2);
        }
    }

    @Test
    void theOnlyMemberIsThisOne() throws Exception {
        try (Fixture node = Fixture.open(stateDir)) {
            assertThat(node.raft.members())
                    .containsExactly(new Member(0x5eed, "node1", "127.0.0.1:4242", "", true, true));
            node.raft.advertise("10.0.0.1:4242");
            assertThat(node.raft.members()).extracting(Member::address).containsExactly("10.0.0.1:4242");
            assertThat(node.raft.trouble()).isEmpty();
        }
    }

    @Test
    void afterCloseWritesSayThatTheStoreIsStopped() throws Exception {
        Fixture node = Fixture.open(stateDir);
        node.close();
        assertThatThrownBy(() -> node.create("a")).hasMessage("the store is stopped");
    }
}
