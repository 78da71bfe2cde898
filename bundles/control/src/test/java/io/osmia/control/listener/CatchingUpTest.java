package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import io.osmia.roles.ReadBarrier;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** No read is answered from a store that has not yet applied what this manager itself had acknowledged. */
class CatchingUpTest {

    private final AtomicInteger told = new AtomicInteger();
    private final CatchingUp catchingUp = new CatchingUp(told::incrementAndGet);
    private final BlockingQueue<CompletableFuture<Void>> questions = new LinkedBlockingQueue<>();
    private final ReadBarrier barrier = new ReadBarrier() {
        @Override
        public CompletableFuture<Void> linearizable() {
            CompletableFuture<Void> question = new CompletableFuture<>();
            questions.add(question);
            return question;
        }

        @Override
        public CompletableFuture<Void> reached(long version) {
            throw new UnsupportedOperationException();
        }
    };

    @Test
    void isDoneOnceTheLeaderHasConfirmedIt() throws InterruptedException {
        assertThat(catchingUp.isDone()).as("nothing to catch up with").isTrue();
        catchingUp.begin(barrier);
        assertThat(catchingUp.isDone()).isFalse();

        questions.take().completeExceptionally(new IOException("no leader"));
        CompletableFuture<Void> again = questions.take();
        assertThat(catchingUp.isDone()).as("nobody has confirmed it").isFalse();
        again.complete(null);

        await().untilAsserted(() -> assertThat(told).hasValue(1));
        assertThat(catchingUp.isDone()).isTrue();
    }

    @Test
    void beginsAnewWhenTheStoreIsOpenedAgain() throws InterruptedException {
        catchingUp.begin(barrier);
        questions.take().complete(null);
        catchingUp.end(barrier);

        catchingUp.begin(barrier);
        assertThat(catchingUp.isDone()).isFalse();
    }
}
