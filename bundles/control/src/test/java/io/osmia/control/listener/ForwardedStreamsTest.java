package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import io.osmia.wire.swarmkit.LogBrokerGrpc;
import io.osmia.wire.swarmkit.PublishLogsMessage;
import io.osmia.wire.swarmkit.PublishLogsResponse;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.SessionRequest;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rule 8.8.7: streams, deadlines and ends of calls that a follower passes on. */
class ForwardedStreamsTest extends TwoManagers {

    @Test
    void deadlinesAndTheEndOfACallReachTheLeader() throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        CompletableFuture<Boolean> hasDeadline = new CompletableFuture<>();
        leader.services.removeService(leader.services.offers(Reach.LOCAL).getLast().service());
        leader.offer(new DispatcherGrpc.DispatcherImplBase() {
            @Override
            public void session(SessionRequest request, StreamObserver<SessionMessage> answer) {
                ((ServerCallStreamObserver<SessionMessage>) answer).setOnCancelHandler(() -> ended.complete(true));
                hasDeadline.complete(Context.current().getDeadline() != null);
                answer.onNext(SessionMessage.newBuilder().setSessionId("one").build());
            }
        });
        try (Context.CancellableContext context = Context.current().withCancellation()) {
            context.run(() -> assertThat(DispatcherGrpc.newBlockingStub(follower.plain("localhost"))
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .session(SessionRequest.getDefaultInstance())
                    .next()
                    .getSessionId())
                    .isEqualTo("one"));
            assertThat(hasDeadline.get(10, TimeUnit.SECONDS)).isTrue();
            context.cancel(null);
        }

        assertThat(ended.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @DisplayName("rule 8.8.7")
    void aStreamIsCopiedMessageByMessageAndASlowReaderSlowsTheWriter() throws Exception {
        int message = 64 << 10;
        int most = 500; // 32 MB
        AtomicInteger sent = new AtomicInteger();
        leader.services.removeService(leader.services.offers(Reach.LOCAL).getLast().service());
        leader.offer(new DispatcherGrpc.DispatcherImplBase() {
            @Override
            public void session(SessionRequest request, StreamObserver<SessionMessage> answer) {
                var stream = (ServerCallStreamObserver<SessionMessage>) answer;
                stream.setOnReadyHandler(() -> {
                    while (stream.isReady() && sent.get() < most) {
                        stream.onNext(SessionMessage.newBuilder()
                                .setSessionId("x".repeat(message))
                                .build());
                        if (sent.incrementAndGet() == most) {
                            stream.onCompleted();
                        }
                    }
                });
            }
        });
        var messages = DispatcherGrpc.newBlockingStub(follower.plain("localhost"))
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .session(SessionRequest.getDefaultInstance());

        int received = 1;
        messages.next();
        assertThat(sent.get()).as("sent while one was read").isLessThan(most);
        while (messages.hasNext()) {
            messages.next();
            received++;
        }
        assertThat(received).isEqualTo(most);
    }

    @Test
    void aStreamOfRequestsEndsWithItsCallersHalfClose() throws Exception {
        AtomicInteger received = new AtomicInteger();
        leader.offer(new LogBrokerGrpc.LogBrokerImplBase() {
            @Override
            public StreamObserver<PublishLogsMessage> publishLogs(StreamObserver<PublishLogsResponse> answer) {
                return new StreamObserver<>() {
                    @Override
                    public void onNext(PublishLogsMessage value) {
                        received.incrementAndGet();
                    }

                    @Override
                    public void onError(Throwable error) {
                        // the test misses its answer
                    }

                    @Override
                    public void onCompleted() {
                        answer.onNext(PublishLogsResponse.getDefaultInstance());
                        answer.onCompleted();
                    }
                };
            }
        });
        BlockingQueue<Object> ends = new LinkedBlockingQueue<>();
        var requests = LogBrokerGrpc.newStub(follower.plain("localhost")).publishLogs(new StreamObserver<>() {
            @Override
            public void onNext(PublishLogsResponse value) {
                ends.add(value);
            }

            @Override
            public void onError(Throwable error) {
                ends.add(error);
            }

            @Override
            public void onCompleted() {
                // the answer says it
            }
        });
        for (int i = 0; i < 100; i++) {
            requests.onNext(PublishLogsMessage.getDefaultInstance());
        }
        requests.onCompleted();

        assertThat(ends.poll(10, TimeUnit.SECONDS)).isEqualTo(PublishLogsResponse.getDefaultInstance());
        assertThat(received).hasValue(100);
    }
}
