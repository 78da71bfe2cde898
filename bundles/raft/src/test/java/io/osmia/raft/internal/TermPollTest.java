package io.osmia.raft.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.junit.jupiter.api.Test;

/** Who has to answer before a leader may believe that it leads. */
class TermPollTest {

    private final Map<String, CompletableFuture<Long>> answers = new HashMap<>();

    private static List<RaftPeer> peers(String... ids) {
        return Stream.of(ids).map(id -> RaftPeer.newBuilder().setId(id).build()).toList();
    }

    private record Configuration(List<RaftPeer> current, List<RaftPeer> previous) implements RaftConfiguration {

        @Override
        public RaftPeer getPeer(RaftPeerId id, RaftPeerRole... roles) {
            return getAllPeers(RaftPeerRole.FOLLOWER).stream().filter(p -> p.getId().equals(id)).findFirst()
                    .orElse(null);
        }

        @Override
        public List<RaftPeer> getAllPeers(RaftPeerRole role) {
            return Stream.concat(current.stream(), previous.stream()).distinct().toList();
        }

        @Override
        public List<RaftPeer> getCurrentPeers(RaftPeerRole role) {
            return current;
        }

        @Override
        public List<RaftPeer> getPreviousPeers(RaftPeerRole role) {
            return previous;
        }

        @Override
        public long getLogEntryIndex() {
            return 0;
        }
    }

    private CompletableFuture<Long> poll(List<RaftPeer> current, List<RaftPeer> previous) {
        return TermPoll.of(
                new Configuration(current, previous),
                RaftPeerId.valueOf("a"),
                5,
                peer -> answers.computeIfAbsent(peer.getId().toString(), id -> new CompletableFuture<>()));
    }

    private void refuses(String id) {
        answers.get(id).completeExceptionally(new IOException("refused"));
    }

    @Test
    void whoIsAloneNeedsNobody() {
        assertThat(poll(peers("a"), List.of())).isCompletedWithValue(5L);
    }

    @Test
    void oneOtherOfThreeIsEnough() {
        CompletableFuture<Long> highest = poll(peers("a", "b", "c"), List.of());
        assertThat(highest).isNotDone();
        refuses("b");
        assertThat(highest).isNotDone();
        answers.get("c").complete(5L);
        assertThat(highest).isCompletedWithValue(5L);
    }

    @Test
    void aNewerTermIsTold() {
        CompletableFuture<Long> highest = poll(peers("a", "b", "c"), List.of());
        answers.get("b").complete(7L);
        assertThat(highest).isCompletedWithValue(7L);
    }

    @Test
    void withoutAMajorityItFails() {
        CompletableFuture<Long> highest = poll(peers("a", "b", "c", "d", "e"), List.of());
        answers.get("b").complete(5L);
        refuses("c");
        refuses("d");
        assertThat(highest).isNotDone();
        refuses("e");
        assertThat(highest).isCompletedExceptionally();
    }

    @Test
    void duringAChangeOfMembersBothMajoritiesCount() {
        CompletableFuture<Long> highest = poll(peers("a", "d", "e"), peers("a", "b", "c"));
        answers.get("b").complete(5L);
        answers.get("c").complete(5L);
        assertThat(highest).isNotDone();
        answers.get("e").complete(6L);
        assertThat(highest).isCompletedWithValue(6L);
    }
}
