package io.osmia.itests.bench;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.Identity;
import io.osmia.ca.internal.OwnKeyManager;
import io.osmia.ca.internal.OwnTrustManager;
import io.osmia.ca.internal.client.TlsChannels;
import io.osmia.itests.harness.Pki;
import io.osmia.roles.Channels;
import io.osmia.roles.Credentials;
import io.osmia.wire.swarmkit.AssignmentsMessage;
import io.osmia.wire.swarmkit.AssignmentsRequest;
import io.osmia.wire.swarmkit.CAGrpc;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import io.osmia.wire.swarmkit.GetRootCACertificateRequest;
import io.osmia.wire.swarmkit.HeartbeatRequest;
import io.osmia.wire.swarmkit.IssueNodeCertificateRequest;
import io.osmia.wire.swarmkit.NodeCAGrpc;
import io.osmia.wire.swarmkit.NodeCertificateStatusRequest;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeDescription;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.SessionRequest;
import java.security.KeyPair;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
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

    private final String manager;
    private final String token;
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
    private final Queue<ManagedChannel> channels = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Set<String> ours = ConcurrentHashMap.newKeySet();
    private final AtomicInteger names = new AtomicInteger();
    private volatile boolean closed;

    SimulatedAgents(String manager, String token) {
        this.manager = manager;
        this.token = token;
    }

    /** Joins so many more and waits until each has a session. */
    void join(int count) throws InterruptedException {
        byte[] root = root();
        OwnTrustManager trust = new OwnTrustManager(Certificates.parse(root));
        Channels anonymous = TlsChannels.anonymous(trust);
        CountDownLatch sessions = new CountDownLatch(count);
        AtomicInteger left = new AtomicInteger(count);
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            for (int i = 0; i < AT_ONCE; i++) {
                threads.execute(() -> {
                    while (left.getAndDecrement() > 0) {
                        joinOne(root, trust, anonymous, sessions);
                    }
                });
            }
        }
        if (!sessions.await(120, TimeUnit.SECONDS)) {
            throw new IllegalStateException(sessions.getCount() + " agents have no session: " + failures);
        }
    }

    private byte[] root() {
        ManagedChannel channel = TlsChannels.unverified().open(manager, Credentials.CA_NAME);
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

    /** With the TLS of a real node. */
    private void joinOne(byte[] root, OwnTrustManager trust, Channels anonymous, CountDownLatch sessions) {
        try {
            KeyPair keys = Pki.p256();
            byte[] chain = certificate(keys, anonymous);
            Identity identity =
                    new Identity(root, Certificates.parse(root), Certificates.parse(chain), keys.getPrivate());
            ManagedChannel channel =
                    TlsChannels.mutual(new OwnKeyManager(identity), trust).open(manager, Credentials.MANAGER_NAME);
            channels.add(channel);
            open(channel, sessions);
        } catch (StatusRuntimeException e) {
            failures.add(e);
        }
    }

    private byte[] certificate(KeyPair keys, Channels anonymous) {
        ManagedChannel channel = anonymous.open(manager, Credentials.CA_NAME);
        try {
            NodeCAGrpc.NodeCABlockingStub ca =
                    NodeCAGrpc.newBlockingStub(channel).withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
            String id = ca.issueNodeCertificate(IssueNodeCertificateRequest.newBuilder()
                    .setCsr(ByteString.copyFromUtf8(Pki.request(keys)))
                    .setToken(token)
                    .build())
                    .getNodeId();
            ours.add(id);
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
        } catch (StatusRuntimeException | RejectedExecutionException e) {
            failed(e);
        }
    }

    private void failed(Throwable e) {
        if (!closed) {
            failures.add(e);
        }
    }

    /** How many of these nodes are READY ones of ours. */
    long ready(List<Node> nodes) {
        return nodes.stream()
                .filter(node -> ours.contains(node.getId()))
                .filter(node -> node.getStatus().getState() == NodeStatus.State.READY)
                .count();
    }

    /** Whether none has lost its session. */
    void requireAlive() {
        if (!failures.isEmpty()) {
            throw new IllegalStateException(
                    failures.size() + " failures, the first: " + Status.fromThrowable(failures.peek()));
        }
    }

    @Override
    public void close() {
        closed = true;
        beats.shutdownNow();
        channels.forEach(ManagedChannel::shutdownNow);
        calls.shutdownNow();
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
