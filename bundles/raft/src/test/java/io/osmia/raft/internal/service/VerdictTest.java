package io.osmia.raft.internal.service;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final ByteString A = ByteString.copyFromUtf8("a");
    private static final ByteString B = ByteString.copyFromUtf8("b");
    private static final ByteString C = ByteString.copyFromUtf8("c");

    @Test
    void whoAgreesWithAllThatAnswerIsFine() {
        assertThat(Verdict.of(A, List.of(), 1)).isEqualTo(Verdict.EQUAL);
        assertThat(Verdict.of(A, List.of(A, A), 3)).isEqualTo(Verdict.EQUAL);
        assertThat(Verdict.of(A, List.of(), 3)).as("nobody answers").isEqualTo(Verdict.EQUAL);
    }

    @Test
    void theMajorityDecides() {
        assertThat(Verdict.of(A, List.of(B, B), 3)).isEqualTo(Verdict.IN_THE_MINORITY);
        assertThat(Verdict.of(A, List.of(A, B), 3)).isEqualTo(Verdict.WITH_THE_MAJORITY);
        assertThat(Verdict.of(A, List.of(B, B, B, C), 5)).isEqualTo(Verdict.IN_THE_MINORITY);
    }

    @Test
    void aMajorityIsOneOfAllMembersAndNotOfThoseThatAnswer() {
        assertThat(Verdict.of(A, List.of(B), 2)).isEqualTo(Verdict.NO_MAJORITY);
        assertThat(Verdict.of(A, List.of(B), 3)).isEqualTo(Verdict.NO_MAJORITY);
        assertThat(Verdict.of(A, List.of(B, C), 3)).isEqualTo(Verdict.NO_MAJORITY);
        assertThat(Verdict.of(A, List.of(B, B), 5)).isEqualTo(Verdict.NO_MAJORITY);
    }
}
