package io.osmia.orchestrator.internal.roles;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.roles.MemberChanges.QuorumLoss;
import io.osmia.roles.MembershipException;
import io.osmia.roles.MembershipException.Reason;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RAF-029 changes of the raft group")
class GroupWorkerTest {

    private static final MemberRequest EVICT = new MemberRequest.Evict(2, "second");
    private static final MemberRequest HAND_OVER = new MemberRequest.HandOver(1, "leader");

    private final Group group = new Group().with(1, "leader", true).with(2, "second", false);
    private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();
    private final GroupWorker worker = new GroupWorker(group, (request, refusal) -> answers.add(refusal));

    @AfterEach
    void close() {
        worker.close();
    }

    @Test
    void aMemberIsRemovedAndThatIsAnswered() throws Exception {
        worker.request(EVICT);
        assertThat(answers.poll(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(group.calls).containsExactly("remove 2");
    }

    @Test // rule 8.4.6
    void nothingIsDoneWhenTheQuorumWouldBeLost() {
        group.objection = new QuorumLoss(2, 1, 1, 0);
        assertThat(worker.carryOut(EVICT))
                .contains("the quorum would be lost [1 of 2 managers reachable now, 0 of 1 after; 1 needed]");
        assertThat(worker.carryOut(HAND_OVER)).isPresent();
        assertThat(group.calls).isEmpty();
    }

    @Test
    void theLeaderHandsOver() {
        assertThat(worker.carryOut(HAND_OVER)).isEmpty();
        assertThat(group.calls).containsExactly("transfer");
    }

    @Test
    void aRefusalIsAnsweredWithItsText() {
        group.failure = new MembershipException(Reason.TIMEOUT, "not within 5 s");
        assertThat(worker.carryOut(EVICT)).contains("not within 5 s");
    }

    @Test
    void whoIsGoneAlreadyCountsAsRemoved() {
        assertThat(worker.carryOut(new MemberRequest.Evict(9, "gone"))).isEmpty();
    }

    @Test
    void afterTheEndRequestsAreForgotten() {
        worker.close();
        worker.request(EVICT);
        assertThat(group.calls).isEmpty();
    }
}
