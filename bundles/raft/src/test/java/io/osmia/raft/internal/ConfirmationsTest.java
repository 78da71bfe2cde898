package io.osmia.raft.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ConfirmationsTest {

    private static final long TERM = 7;

    private Supplier<CompletableFuture<Long>> majority = () -> CompletableFuture.completedFuture(TERM);
    private final Confirmations confirmations = new Confirmations(() -> majority.get(), term -> true);

    @Test
    void aQuestionThatCannotBeAskedFailsAndTheNextOneIsAsked() {
        majority = () -> {
            throw new IllegalStateException("no such address");
        };
        assertThat(confirmations.leading(TERM)).isCompletedExceptionally();
        majority = () -> CompletableFuture.completedFuture(TERM);
        assertThat(confirmations.leading(TERM)).isCompleted();
    }

    /** As of a cluster of one, while others ask without a pause. */
    @Test
    void howManyAskMeanwhileDoesNotMatter() {
        int many = 200_000;
        List<CompletableFuture<Void>> meanwhile = new ArrayList<>();
        majority = () -> {
            if (meanwhile.size() < many) {
                meanwhile.add(confirmations.leading(TERM));
            }
            return CompletableFuture.completedFuture(TERM);
        };
        assertThat(confirmations.leading(TERM)).isCompleted();
        assertThat(meanwhile).hasSize(many).allMatch(asked -> asked.isDone() && !asked.isCompletedExceptionally());
    }

    /** Who got an answer may wait for the next one on the same thread. */
    @Test
    void theNextQuestionIsOutBeforeAnAnswerIsGiven() {
        List<CompletableFuture<Long>> questions = new ArrayList<>();
        majority = () -> {
            questions.add(new CompletableFuture<>());
            return questions.getLast();
        };
        CompletableFuture<Integer> asked = confirmations.leading(TERM).thenApply(confirmed -> questions.size());
        CompletableFuture<Void> next = confirmations.leading(TERM);
        questions.getFirst().complete(TERM);
        assertThat(asked).isCompletedWithValue(2);
        questions.getLast().complete(TERM);
        assertThat(next).isCompleted();
    }
}
