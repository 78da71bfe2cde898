package io.osmia.control.internal;

import static io.osmia.control.internal.TestCluster.refusalOf;
import static io.osmia.control.internal.TestCluster.spec;
import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.stub.StreamObserver;
import io.osmia.control.internal.rules.Refusal;
import io.osmia.store.StoreException;
import io.osmia.wire.swarmkit.CreateServiceRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersTest {

    @ParameterizedTest
    @CsvSource({
        "OUT_OF_SEQUENCE, UNKNOWN: update out of sequence",
        "LOST_LEADERSHIP, UNKNOWN: raft: failed to process the request: node lost leader status",
        "TOO_LARGE, UNKNOWN: raft: raft message is too large and can't be sent",
        "NAME_CONFLICT, UNKNOWN: name conflicts with an existing object"
    })
    void whatTheStoreRefusesIsUnknown(StoreException.Reason reason, String answer) {
        assertThat(answerTo(new StoreException(reason))).containsExactly(answer);
    }

    @Test
    void whatMayStillBeCommittedIsToldApart() {
        assertThat(answerTo(new StoreException(StoreException.Reason.OUTCOME_UNKNOWN)))
                .containsExactly("UNAVAILABLE: raft: failed to process the request: node lost leader status (outcome"
                        + " unknown: the next leader may still commit it; look before trying again)");
    }

    @Test
    void aFullDiskIsToldApart() {
        assertThat(answerTo(new StoreException(StoreException.Reason.NO_SPACE)))
                .singleElement()
                .asString()
                .startsWith("RESOURCE_EXHAUSTED: no space left");
    }

    @Test
    void aRefusalKeepsItsCodeAndText() {
        assertThat(answerTo(Refusal.notFound("service", "x").exception()))
                .containsExactly("NOT_FOUND: service x not found");
    }

    /** A loop may run on for a moment after leadership is lost, and so may a call. */
    @Test
    void aFormerLeaderWritesNothing() {
        try (TestCluster cluster = new TestCluster()) {
            cluster.store.requireTerm(8);
            assertThat(refusalOf(() -> cluster.api.createService(
                    CreateServiceRequest.newBuilder().setSpec(spec("web")).build())))
                    .isEqualTo("UNKNOWN: raft: failed to process the request: node lost leader status");
        }
    }

    private static List<String> answerTo(RuntimeException refusal) {
        List<String> answers = new ArrayList<>();
        Answers.unary(
                "request",
                request -> {
                    throw refusal;
                },
                new StreamObserver<String>() {
                    @Override
                    public void onNext(String value) {
                        answers.add(value);
                    }

                    @Override
                    public void onError(Throwable error) {
                        answers.add(String.valueOf(error.getMessage()));
                    }

                    @Override
                    public void onCompleted() {
                        answers.add("completed");
                    }
                });
        return answers;
    }
}
