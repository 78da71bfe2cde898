package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.osmia.roles.ReadBarrier;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.store.LocalStore;
import io.osmia.wire.swarmkit.HealthCheckRequest;
import io.osmia.wire.swarmkit.HealthCheckResponse;
import io.osmia.wire.swarmkit.HealthGrpc;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListNodesResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How old an answer of a follower may be, and when it has none. */
class FollowerReadsTest extends TwoManagers {

    /** Knows of versions what it is told. The first question is that of a manager that has just started: it has caught up. */
    private static final class Barrier implements ReadBarrier {

        private final AtomicInteger questions = new AtomicInteger();
        final CompletableFuture<Void> linearizable = new CompletableFuture<>();
        final CompletableFuture<Void> reached = new CompletableFuture<>();
        final CompletableFuture<Long> asked = new CompletableFuture<>();

        @Override
        public CompletableFuture<Void> linearizable() {
            return questions.getAndIncrement() == 0 ? CompletableFuture.completedFuture(null) : linearizable;
        }

        @Override
        public CompletableFuture<Void> reached(long version) {
            asked.complete(version);
            return reached;
        }
    }

    @Test
    void theAnswerToAWriteWaitsUntilTheFollowerShowsIt() throws Exception {
        Barrier barrier = new Barrier();
        follower.services.addBarrier(barrier);
        leader.services.addStore(new BlacklistingStore());
        var answer = ControlGrpc.newFutureStub(follower.plain("localhost")).createSecret(secret("a"));

        assertThat(barrier.asked.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(answer.isDone()).isFalse();
        barrier.reached.complete(null);

        assertThat(answer.get(10, TimeUnit.SECONDS).getSecret().getId()).isEqualTo("s1");
    }

    @Test
    void aFollowerThatDoesNotGetThereSaysThatTheWriteWasMade() throws Exception {
        Barrier barrier = new Barrier();
        follower.services.addBarrier(barrier);
        leader.services.addStore(new BlacklistingStore());
        barrier.reached.completeExceptionally(new IllegalStateException("no leader"));

        assertThatThrownBy(() -> control(follower.plain("localhost")).createSecret(secret("a")))
                .hasMessageStartingWith("UNAVAILABLE: the leader has answered Control.CreateSecret, but this manager"
                        + " does not get to version 1 of the store")
                .hasMessageEndingWith("look before trying again");
    }

    @Test
    void aLinearizableReadWaitsForTheCommitPoint() throws Exception {
        Barrier barrier = new Barrier();
        follower.services.addBarrier(barrier);
        AtomicInteger reads = new AtomicInteger();
        follower.offer(new ControlGrpc.ControlImplBase() {
            @Override
            public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> answer) {
                reads.incrementAndGet();
                answer.onNext(ListNodesResponse.getDefaultInstance());
                answer.onCompleted();
            }
        });
        var plain = ControlGrpc.newFutureStub(follower.plain("localhost"));

        plain.listNodes(ListNodesRequest.getDefaultInstance()).get(10, TimeUnit.SECONDS);
        var read = with(plain, "osmia-read", "linearizable").listNodes(ListNodesRequest.getDefaultInstance());
        plain.listNodes(ListNodesRequest.getDefaultInstance()).get(10, TimeUnit.SECONDS);
        assertThat(reads).hasValue(2);
        barrier.linearizable.complete(null);

        read.get(10, TimeUnit.SECONDS);
        assertThat(reads).hasValue(3);
    }

    @Test
    void aLinearizableReadWithoutALeaderIsRefused() {
        Barrier barrier = new Barrier();
        follower.services.addBarrier(barrier);
        follower.offer(new Writes());
        barrier.linearizable.completeExceptionally(new IllegalStateException("no leader answers"));

        refuses(
                () -> with(control(follower.plain("localhost")), "osmia-read", "linearizable")
                        .listNodes(ListNodesRequest.getDefaultInstance()),
                "UNAVAILABLE: a linearizable read is not possible here at the moment: no leader answers; try again");
    }

    @Test
    @DisplayName("rule 8.3.4")
    void aManagerThatHasNotHeardOfItsClusterReadsNothingAndIsReachableForRaft() throws Exception {
        follower.offer(new Writes());
        try (LocalStore empty = new LocalStore(java.time.Instant::now)) {
            follower.services.addStore(empty);
            assertThat(health("ControlAPI", follower.plain("localhost")))
                    .isEqualTo(HealthCheckResponse.ServingStatus.NOT_SERVING);
            assertThat(health("Raft", follower.manager())).isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
            refuses(
                    () -> control(follower.plain("localhost")).listNodes(ListNodesRequest.getDefaultInstance()),
                    "UNAVAILABLE: Control.ListNodes is not served by this node at the moment: it is starting, or knows"
                            + " no leader; try again");
            follower.services.removeStore(empty);
        }
        follower.services.addStore(new BlacklistingStore());
        assertThat(health("ControlAPI", follower.plain("localhost")))
                .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    }

    private static HealthCheckResponse.ServingStatus health(String service, Channel channel) {
        return HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
    }
}
