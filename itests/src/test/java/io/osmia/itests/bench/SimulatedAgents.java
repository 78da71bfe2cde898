package io.osmia.itests.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.osmia.itests.harness.Pki;
import io.osmia.wire.swarmkit.AssignmentsMessage;
import io.osmia.wire.swarmkit.AssignmentsRequest;
import io.osmia.wire.swarmkit.CAGrpc;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import io.osmia.wire.swarmkit.GetRootCACertificateRequest;
import io.osmia.wire.swarmkit.HeartbeatRequest;
import io.osmia.wire.swarmkit.IssueNodeCertificateRequest;
import io.osmia.wire.swarmkit.NodeCAGrpc;
import io.osmia.wire.swarmkit.NodeCertificateStatusRequest;
import io.osmia.wire.swarmkit.NodeDescription;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.SessionRequest;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Agents as the manager sees them: a key and a certificate by token, a connection with mutual TLS, a session, assignments and
 * heartbeats each. They run nothing.
 */
final class SimulatedAgents implements AutoCloseable {

    /** As many as join at the same time: each of them waits for the manager most of the time. */
    private static final int AT_ONCE = 64;

    private static final long CALL_SECONDS = 30;

    private final InetSocketAddress manager;
    private final String token;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
    private final Queue<ManagedChannel> channels = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger names = new AtomicInteger();
    private volatile boolean closed;

    SimulatedAgents(String manager, String token) {
        String[] parts = manager.split(":");
        this.manager = new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
        this.token = token;
    }

    /** Joins so many more and waits until each has a session. */
    void join(int count) throws IOException, InterruptedException {
        SslContext anybody = client().trustManager(InsecureTrustManagerFactory.INSTANCE).build();
        byte[] root = root(anybody);
        CountDownLatch sessions = new CountDownLatch(count);
        AtomicInteger left = new AtomicInteger(count);
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            for (int i = 0; i < AT_ONCE; i++) {
                threads.execute(() -> {
                    while (left.getAndDecrement() > 0) {
                        joinOne(root, sessions);
                    }
                });
            }
        }
        if (!sessions.await(120, TimeUnit.SECONDS)) {
            throw new IllegalStateException(sessions.getCount() + " agents have no session: " + failures);
        }
    }

    private byte[] root(SslContext anybody) {
        ManagedChannel channel = channel(anybody, "swarm-ca");
        try {
            return CAGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                    .getRootCACertificate(GetRootCACertificateRequest.getDefaultInstance())
                    .getCertificate()
                    .toByteArray();
        } finally {
            channel.shutdownNow();
        }
    }

    private void joinOne(byte[] root, CountDownLatch sessions) {
        try {
            KeyPair keys = Pki.p256();
            byte[] chain = certificate(keys, client().trustManager(stream(root)).build());
            SslContext own = client()
                    .trustManager(stream(root))
                    .keyManager(stream(chain), stream(Pki.pem(keys).getBytes(US_ASCII)))
                    .build();
            ManagedChannel channel = channel(own, "swarm-manager");
            channels.add(channel);
            open(channel, sessions);
        } catch (IOException | StatusRuntimeException e) {
            failures.add(e);
        }
    }

    private byte[] certificate(KeyPair keys, SslContext anonymous) {
        ManagedChannel channel = channel(anonymous, "swarm-ca");
        try {
            NodeCAGrpc.NodeCABlockingStub ca =
                    NodeCAGrpc.newBlockingStub(channel).withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
            String id = ca.issueNodeCertificate(IssueNodeCertificateRequest.newBuilder()
                    .setCsr(ByteString.copyFromUtf8(Pki.request(keys)))
                    .setToken(token)
                    .build())
                    .getNodeId();
            return ca.nodeCertificateStatus(
                    NodeCertificateStatusRequest.newBuilder().setNodeId(id).build())
                    .getCertificate()
                    .getCertificate()
                    .toByteArray();
        } finally {
            channel.shutdownNow();
        }
    }

    private void open(ManagedChannel channel, CountDownLatch sessions) {
        SessionRequest request = SessionRequest.newBuilder()
                .setDescription(NodeDescription.newBuilder().setHostname("simulated-" + names.incrementAndGet()))
                .build();
        DispatcherGrpc.newStub(channel).session(request, new Observer<SessionMessage>() {
            private boolean first = true;

            @Override
            public void onNext(SessionMessage message) {
                if (first) {
                    first = false;
                    sessions.countDown();
                    AssignmentsRequest wanted =
                            AssignmentsRequest.newBuilder().setSessionId(message.getSessionId()).build();
                    DispatcherGrpc.newStub(channel).assignments(wanted, new Observer<AssignmentsMessage>());
                    calls.execute(() -> beat(channel, message.getSessionId()));
                }
            }
        });
    }

    /** Again after as long as the answer says (rule 6.5.1). */
    private void beat(ManagedChannel channel, String session) {
        try {
            com.google.protobuf.Duration period = DispatcherGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                    .heartbeat(HeartbeatRequest.newBuilder().setSessionId(session).build())
                    .getPeriod();
            long nanos = TimeUnit.SECONDS.toNanos(period.getSeconds()) + period.getNanos();
            beats.schedule(() -> calls.execute(() -> beat(channel, session)), nanos, TimeUnit.NANOSECONDS);
        } catch (StatusRuntimeException e) {
            failed(e);
        }
    }

    private void failed(Throwable e) {
        if (!closed) {
            failures.add(e);
        }
    }

    /** Whether none has lost its session. */
    void requireAlive() {
        if (!failures.isEmpty()) {
            throw new IllegalStateException(
                    failures.size() + " failures, the first: " + Status.fromThrowable(failures.peek()));
        }
    }

    private ManagedChannel channel(SslContext context, String name) {
        return NettyChannelBuilder.forAddress(manager)
                .eventLoopGroup(loops)
                .channelType(NioSocketChannel.class)
                .overrideAuthority(name)
                .sslContext(context)
                .executor(calls)
                .build();
    }

    private static SslContextBuilder client() {
        return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
    }

    private static InputStream stream(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public void close() {
        closed = true;
        beats.shutdownNow();
        channels.forEach(ManagedChannel::shutdownNow);
        calls.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Takes what comes; an end before ours is a failure. */
    private class Observer<T> implements StreamObserver<T> {

        @Override
        public void onNext(T message) {}

        @Override
        public void onError(Throwable e) {
            failed(e);
        }

        @Override
        public void onCompleted() {
            failed(new IllegalStateException("stream was ended by the manager"));
        }
    }
}
