package io.osmia.dispatcher.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.Status;
import io.osmia.store.Table;
import io.osmia.wire.osmia.ListEvidenceResponse;
import io.osmia.wire.osmia.NodeEvidence;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.SessionMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Why the leader says of a node what its status says. */
class EvidenceTest extends DispatcherScene {

    private List<NodeEvidence> evidence(String... nodeIds) {
        RecordingAnswer<ListEvidenceResponse> answer = new RecordingAnswer<>();
        dispatching.evidence(List.of(nodeIds), answer);
        assertThat(answer.completed).isTrue();
        return answer.value.getNodesList();
    }

    private NodeEvidence about(String nodeId) {
        return evidence(nodeId).getFirst();
    }

    private long secondsOf(com.google.protobuf.Timestamp time) {
        return time.getSeconds() - START.getEpochSecond();
    }

    @Test
    void itTellsWhenANodeRegisteredAndWhenItWasHeardOfLast() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        simulation.advance(Duration.ofSeconds(3));
        String session = register("n");
        simulation.advance(Duration.ofSeconds(4));
        beat("n", session);
        simulation.advance(Duration.ofSeconds(2));

        NodeEvidence evidence = about("n");

        assertThat(secondsOf(evidence.getRegistered())).isEqualTo(3);
        assertThat(secondsOf(evidence.getLastHeartbeat())).isEqualTo(7);
        assertThat(evidence.getLastError()).isEmpty();
    }

    @Test
    void itOutlivesTheSessionAndTellsWhyTheNodeIsDown() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        register("n");
        simulation.advance(Duration.ofSeconds(60));
        NodeEvidence evidence = about("n");
        assertThat(secondsOf(evidence.getLastHeartbeat())).isZero();
        assertThat(evidence.getLastError()).isEqualTo("2026-01-01T00:00:15Z heartbeat failure");
    }

    @Test
    void itTellsWhatTheNodeWasRefusedFor() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        register("n");
        beat("n", "wrong");
        assertThat(about("n").getLastError()).isEqualTo("2026-01-01T00:00:00Z session invalid");
        register("n");
        register("n");
        open("n", "");
        assertThat(about("n").getLastError())
                .isEqualTo("2026-01-01T00:00:00Z node n exceeded rate limit count of registrations");
    }

    @Test
    void itTellsThatTheConnectionBrokeButNotThatTheAgentOpenedItAnew() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<SessionMessage> first = open("n", "");
        RecordingSink<SessionMessage> second = open("n", first.last().getSessionId());
        dispatching.cancelled(first, simulation.now());
        assertThat(about("n").getLastError()).isEmpty();
        dispatching.cancelled(second, simulation.now());
        assertThat(about("n").getLastError())
                .isEqualTo("2026-01-01T00:00:00Z the connection of its session was closed");
    }

    @Test
    void nodesOfWhichNothingWasHeardHaveNoTimes() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY), Objects.node("m", NodeStatus.State.DOWN));
        begin();
        assertThat(evidence())
                .containsExactly(
                        NodeEvidence.newBuilder().setNodeId("m").build(),
                        NodeEvidence.newBuilder().setNodeId("n").build());
        assertThat(evidence("n", "unknown")).extracting(NodeEvidence::getNodeId).containsExactly("n");
    }

    @Test
    void strangersAndDeletedNodesLeaveNoTrace() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        beat("stranger", "any");
        register("n");
        store.update(Objects.TERM, tx -> {
            tx.delete(Table.NODES, "n");
            return true;
        });
        simulation.settle();
        Objects.create(store, Objects.node("n", NodeStatus.State.READY),
                Objects.node("stranger", NodeStatus.State.READY));
        assertThat(about("n").hasRegistered()).isFalse();
        assertThat(about("stranger").getLastError()).isEmpty();
    }

    @Test // rule 6.2.1
    void afterTheEndThereIsNone() {
        begin();
        dispatching.stop();
        RecordingAnswer<ListEvidenceResponse> answer = new RecordingAnswer<>();
        dispatching.evidence(List.of(), answer);
        assertRefused(answer.failure, Status.Code.ABORTED, "dispatcher is stopped");
    }
}
