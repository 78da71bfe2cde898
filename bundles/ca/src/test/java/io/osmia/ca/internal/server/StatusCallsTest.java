package io.osmia.ca.internal.server;

import static io.osmia.ca.internal.server.LeadingCa.WORKER_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.IssuanceStatus.State;
import io.osmia.wire.swarmkit.NodeCertificateStatusRequest;
import io.osmia.wire.swarmkit.NodeCertificateStatusResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rule 7.7.6: calls that are held open. */
class StatusCallsTest {

    private final LeadingCa ca = new LeadingCa();

    @Test
    @DisplayName("CA-019")
    void aCallIsHeldUntilThereIsACertificate() {
        String id = ca.join(WORKER_TOKEN);
        Answer<NodeCertificateStatusResponse> asked = ca.status(id);
        ca.simulation.settle();
        assertThat(asked.open()).isTrue();

        ca.signing().simulation.settle();

        assertThat(asked.value().getStatus().getState()).isEqualTo(State.ISSUED);
        assertThat(asked.value().getCertificate()).isEqualTo(ca.certificate(id));
        assertThat(ca.status(id).value()).isEqualTo(asked.value());
        assertThat(ca.service.open()).isZero();
        assertThat(ca.calls.size()).isZero();
    }

    @Test
    @DisplayName("CA-020")
    void rotateIsAnOutcome() {
        String id = ca.join(WORKER_TOKEN);
        ca.update(id, node -> node.getCertificateBuilder().getStatusBuilder().setState(State.ROTATE));

        assertThat(ca.status(id).value().getStatus().getState()).isEqualTo(State.ROTATE);
    }

    @Test
    void whoIsNotThereIsNotFoundAlsoLater() {
        String id = ca.join(WORKER_TOKEN);
        Answer<NodeCertificateStatusResponse> asked = ca.status(id);

        ca.simulation.store().update(LeadingCa.TERM, tx -> {
            tx.delete(Table.NODES, id);
            return id;
        });
        ca.simulation.settle();

        assertThat(asked.text()).isEqualTo("NOT_FOUND NotFound");
        assertThat(ca.status(id).text()).isEqualTo("NOT_FOUND NotFound");
        assertThat(ca.status("").text()).isEqualTo("INVALID_ARGUMENT InvalidArgument");
    }

    @Test
    void aCallThatIsCancelledLeavesNothing() {
        String id = ca.join(WORKER_TOKEN);
        CancellableAnswer<NodeCertificateStatusResponse> asked = new CancellableAnswer<>();
        ca.service.nodeCertificateStatus(
                NodeCertificateStatusRequest.newBuilder().setNodeId(id).build(), asked);
        assertThat(ca.service.open()).isEqualTo(1);
        assertThat(ca.calls.size()).isEqualTo(1);

        asked.cancel();
        ca.signing().simulation.settle();

        assertThat(ca.service.open()).isZero();
        assertThat(ca.calls.size()).isZero();
        assertThat(asked.answers()).isZero();
    }

    @Test
    void whenTheLeaderGoesItsCallsAreAnswered() {
        Answer<NodeCertificateStatusResponse> before = ca.status(ca.join(WORKER_TOKEN));

        ca.service.stop();

        assertThat(before.text()).isEqualTo("ABORTED CA signer is stopped");
        assertThat(ca.status(ca.simulation.store().view().find(Table.NODES, io.osmia.store.By.ALL).getFirst().getId())
                .text())
                .isEqualTo("ABORTED CA signer is stopped");
        assertThat(ca.issue(LeadingCa.stranger(), LeadingCa.csr(), WORKER_TOKEN).text())
                .isEqualTo("ABORTED CA signer is stopped");
        assertThat(ca.service.open()).isZero();
    }

    @Test
    void thereIsRoomForSoManyCallsAndTheOldestGoes() {
        String id = ca.join(WORKER_TOKEN);
        Answer<NodeCertificateStatusResponse> oldest = ca.status(id);
        for (int i = 1; i < StatusCalls.MOST; i++) {
            ca.status(id);
        }
        assertThat(oldest.open()).isTrue();

        Answer<NodeCertificateStatusResponse> newest = ca.status(id);

        assertThat(oldest.text()).startsWith("RESOURCE_EXHAUSTED 10000 calls wait");
        assertThat(newest.open()).isTrue();
        assertThat(ca.service.open()).isEqualTo(StatusCalls.MOST);
    }
}
