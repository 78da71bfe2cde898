package io.osmia.raft.internal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;
import io.osmia.roles.MembershipException;
import io.osmia.roles.MembershipException.Reason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AnnouncingTest {

    private final AtomicInteger tries = new AtomicInteger();

    private void failTwice() {
        switch (tries.incrementAndGet()) {
            case 1 -> throw new MembershipException(Reason.TIMEOUT, "no answer");
            case 2 -> throw new IllegalStateException("something else");
            default -> {}
        }
    }

    @Test
    void whatFailsIsTriedAgainUntilTheAddressIsKnown() {
        try (Announcing announcing = new Announcing(() -> tries.get() < 3, this::failTwice, Duration.ofMillis(5))) {
            announcing.now();
            await().atMost(Duration.ofSeconds(20)).until(() -> tries.get() == 3);
        }
    }

    @Test
    void whatIsDueIsDoneAtOnce() {
        try (Announcing announcing =
                new Announcing(() -> true, tries::incrementAndGet, Duration.ofHours(1))) {
            announcing.now();
            await().atMost(Duration.ofSeconds(20)).until(() -> tries.get() == 1);
        }
    }

    @Test
    void afterTheEndNothingIsDoneAndNobodyIsHurt() {
        Announcing announcing = new Announcing(() -> true, tries::incrementAndGet, Duration.ofHours(1));
        announcing.close();
        assertThatCode(announcing::now).doesNotThrowAnyException();
    }
}
