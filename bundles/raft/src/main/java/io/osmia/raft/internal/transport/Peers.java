package io.osmia.raft.internal.transport;

import io.osmia.raft.Exclusion;
import io.osmia.roles.Credentials;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.thirdparty.com.google.protobuf.Empty;
import org.apache.ratis.thirdparty.com.google.protobuf.StringValue;
import org.apache.ratis.thirdparty.com.google.protobuf.UInt64Value;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.ConnectivityState;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelOption;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContext;

/** Asks other members {@link LeaderCalls}, each over one connection that is made when it is first needed. Thread-safe. */
public final class Peers implements AutoCloseable {

    /** For TCP alone: what is lost on the way to a port is sent anew only after ever longer pauses. */
    private static final int CONNECT_MILLIS = 3_000;

    private final long patienceMillis;
    private final SslContext tls;
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param patienceMillis how long a member's own answer is waited for; twice that when it has to ask others first */
    public Peers(Credentials credentials, Exclusion excluded, long patienceMillis) {
        this.tls = UnresumedTls.client(credentials, new ManagerGate(credentials, excluded));
        this.patienceMillis = patienceMillis;
    }

    /** The newest term that the member knows. Completes on a thread of its own. */
    public CompletableFuture<Long> term(RaftPeer peer) {
        return ask(
                peer.getAddress(),
                LeaderCalls.TERM,
                StringValue.of(peer.getId().toString()),
                patienceMillis);
    }

    /** The read index of the leader. Completes on a thread of its own. */
    public CompletableFuture<Long> readIndex(RaftPeer leader) {
        return ask(leader.getAddress(), LeaderCalls.READ_INDEX, Empty.getDefaultInstance(), 2 * patienceMillis);
    }

    /** Up to where the leader's log is committed, which it tells its followers as well. Completes on a thread of its own. */
    public CompletableFuture<Long> commitIndex(RaftPeer leader) {
        return ask(leader.getAddress(), LeaderCalls.COMMIT, Empty.getDefaultInstance(), patienceMillis);
    }

    private <Q> CompletableFuture<Long> ask(
            String address, MethodDescriptor<Q, UInt64Value> method, Q question, long patience) {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        if (closed) {
            answer.completeExceptionally(new IOException("the raft port is closed"));
            return answer;
        }
        ManagedChannel channel = channels.computeIfAbsent(address, this::open);
        if (closed) {
            channel.shutdownNow();
        }
        CallOptions options =
                CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(patience, TimeUnit.MILLISECONDS);
        ClientCalls.asyncUnaryCall(
                channel.newCall(method, options), question, new Answer(address, channel, answer));
        return answer;
    }

    private ManagedChannel open(String address) {
        return NettyChannelBuilder.forTarget(address)
                .proxyDetector(uri -> null)
                .useTransportSecurity()
                .sslContext(tls)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .disableRetry()
                .executor(Thread::startVirtualThread)
                .build();
    }

    private record Answer(String address, ManagedChannel channel, CompletableFuture<Long> answer)
            implements StreamObserver<UInt64Value> {

        @Override
        public void onNext(UInt64Value value) {
            answer.complete(value.getValue());
        }

        @Override
        public void onError(Throwable failure) {
            if (Status.fromThrowable(failure).getCode() == Status.Code.DEADLINE_EXCEEDED) {
                renew();
            }
            answer.completeExceptionally(new IOException("raft: " + address + ": " + failure.getMessage(), failure));
        }

        /**
         * The connection may be dead without anybody having said so: the next call gets a new one. But one that is being made
         * is left to it, else a slow handshake would begin anew each time.
         */
        private void renew() {
            if (channel.getState(false) == ConnectivityState.READY) {
                channel.enterIdle();
            } else {
                channel.resetConnectBackoff();
            }
        }

        @Override
        public void onCompleted() {
            answer.completeExceptionally(new IOException("raft: " + address + ": no answer"));
        }
    }

    /** The members as of now; connections to others are closed. */
    public void are(Collection<RaftPeer> peers) {
        var addresses = peers.stream().map(RaftPeer::getAddress).collect(Collectors.toSet());
        for (String address : List.copyOf(channels.keySet())) {
            ManagedChannel gone = addresses.contains(address) ? null : channels.remove(address);
            if (gone != null) {
                gone.shutdown();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
