package io.osmia.ca.internal.client;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.osmia.ca.NodeCertificates;
import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Subject;
import io.osmia.roles.Clock;
import io.osmia.wire.osmia.GetLogKeysRequest;
import io.osmia.wire.osmia.GetLogKeysResponse;
import io.osmia.wire.osmia.ManagerStateGrpc;
import io.osmia.wire.swarmkit.CAGrpc;
import io.osmia.wire.swarmkit.Certificate;
import io.osmia.wire.swarmkit.GetRootCACertificateRequest;
import io.osmia.wire.swarmkit.GetRootCACertificateResponse;
import io.osmia.wire.swarmkit.GetUnlockKeyRequest;
import io.osmia.wire.swarmkit.GetUnlockKeyResponse;
import io.osmia.wire.swarmkit.IssuanceStatus;
import io.osmia.wire.swarmkit.IssuanceStatus.State;
import io.osmia.wire.swarmkit.IssueNodeCertificateRequest;
import io.osmia.wire.swarmkit.IssueNodeCertificateResponse;
import io.osmia.wire.swarmkit.NodeCAGrpc;
import io.osmia.wire.swarmkit.NodeCertificateStatusRequest;
import io.osmia.wire.swarmkit.NodeCertificateStatusResponse;
import io.osmia.wire.swarmkit.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** A manager with a CA behind real TLS on the loopback, that answers as the test wants. */
public final class FakeCa implements AutoCloseable {

    private static final Context.Key<String> PEER = Context.key("peer");

    private final NodeCertificates own;
    private final Server server;
    private final String address;
    private final RootCa signer;

    /** Node id that a newcomer gets. */
    public volatile String newNode = "newcomer";
    /** Role of the certificates. */
    public volatile String role = "swarm-worker";
    /** Roles before that one, for a certificate each. */
    public final Queue<String> rolesBefore = new ConcurrentLinkedQueue<>();
    /** When certificates are signed. */
    public volatile Clock clock = Instant::now;
    /** Run before a certificate is signed. */
    public volatile Runnable whenAsked = () -> {};
    public volatile byte[] root;
    public volatile ByteString unlockKey = ByteString.EMPTY;
    public volatile long version = 1;
    public volatile RootCa signsWith;
    public volatile GetLogKeysResponse logKeys = GetLogKeysResponse.getDefaultInstance();
    public volatile Duration expiry = Duration.ofHours(2);
    /** Common names of those who asked for a certificate or the unlock key; empty for none. */
    public final List<String> callers = new CopyOnWriteArrayList<>();

    /** Where calls came from: one address for each connection. */
    public final Set<String> connections = ConcurrentHashMap.newKeySet();

    public final List<IssueNodeCertificateRequest> requests = new CopyOnWriteArrayList<>();
    /** What calls end with instead of an answer, one after the other, by method. */
    public final Queue<Status> rootFailures = new ArrayDeque<>();

    public final Queue<Status> issueFailures = new ArrayDeque<>();
    public final Queue<Status> statusFailures = new ArrayDeque<>();
    public final Queue<Status> unlockFailures = new ArrayDeque<>();
    /** States before ISSUED. */
    public final Queue<State> states = new ArrayDeque<>();

    /** The last request and its certificate. */
    private static final class Pending {

        private volatile ByteString csr = ByteString.EMPTY;
        private volatile byte[] chain = new byte[0];
    }

    private final Pending pending;

    /** On the loopback. */
    public FakeCa(NodeCertificates own) {
        this(own, tcp(own));
    }

    /** On the loopback: another manager of the same cluster, with the requests of the first. */
    public FakeCa(NodeCertificates own, FakeCa first) {
        this(own, tcp(own), first.signer, first.pending);
    }

    /** The same cluster on a unix socket, in plain text. */
    public FakeCa(FakeCa first, Path socket) {
        this(first.own, NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()))
                .workerEventLoopGroup(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())),
                first.signer, first.pending);
        role = first.role;
    }

    private FakeCa(NodeCertificates own, NettyServerBuilder builder) {
        this(own, builder, RootCa.signing(own.rootPem(), own.rootKeyMaterial().keyPem()), new Pending());
    }

    private FakeCa(NodeCertificates own, NettyServerBuilder builder, RootCa signer, Pending pending) {
        this.own = own;
        this.root = own.rootPem();
        this.signer = signer;
        this.pending = pending;
        this.signsWith = signer;
        try {
            server = builder.directExecutor()
                    .intercept(new Peers())
                    .addService(new Ca())
                    .addService(new NodeCa())
                    .addService(new Keys())
                    .build()
                    .start();
            address = server.getListenSockets().getFirst() instanceof InetSocketAddress tcp
                    ? "127.0.0.1:" + tcp.getPort()
                    : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NettyServerBuilder tcp(NodeCertificates own) {
        try {
            return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                    .sslContext(GrpcSslContexts.configure(
                            SslContextBuilder.forServer(own.keyManager())
                                    .trustManager(own.renewalTrustManager())
                                    .clientAuth(ClientAuth.OPTIONAL),
                            SslProvider.JDK)
                            .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String address() {
        return address;
    }

    public String nodeId() {
        return own.nodeId();
    }

    /** A token for this cluster. */
    public String token() {
        return own.rootKeyMaterial().workerToken();
    }

    public RootCa signer() {
        return signer;
    }

    private String nextRole() {
        String before = rolesBefore.poll();
        return before == null ? role : before;
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    private static boolean fails(Queue<Status> failures, StreamObserver<?> answer) {
        Status failure;
        synchronized (failures) {
            failure = failures.poll();
        }
        if (failure != null) {
            answer.onError(failure.asRuntimeException());
        }
        return failure != null;
    }

    private static <R> void answer(StreamObserver<R> observer, R answer) {
        observer.onNext(answer);
        observer.onCompleted();
    }

    private final class Peers implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
            connections.add(String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
            return Contexts.interceptCall(Context.current().withValue(PEER, name(session)), call, headers, next);
        }

        private static String name(SSLSession session) {
            if (session == null) {
                return "local";
            }
            try {
                Subject subject = Subject.of((X509Certificate) session.getPeerCertificates()[0]);
                return subject.unit() + " " + subject.commonName();
            } catch (SSLPeerUnverifiedException e) {
                return "";
            }
        }
    }

    private final class Ca extends CAGrpc.CAImplBase {

        @Override
        public void getRootCACertificate(
                GetRootCACertificateRequest request, StreamObserver<GetRootCACertificateResponse> observer) {
            if (!fails(rootFailures, observer)) {
                answer(observer, GetRootCACertificateResponse.newBuilder()
                        .setCertificate(ByteString.copyFrom(root))
                        .build());
            }
        }

        @Override
        public void getUnlockKey(GetUnlockKeyRequest request, StreamObserver<GetUnlockKeyResponse> observer) {
            callers.add("unlock " + PEER.get());
            if (!fails(unlockFailures, observer)) {
                answer(observer, GetUnlockKeyResponse.newBuilder()
                        .setUnlockKey(unlockKey)
                        .setVersion(Version.newBuilder().setIndex(version))
                        .build());
            }
        }
    }

    private final class NodeCa extends NodeCAGrpc.NodeCAImplBase {

        @Override
        public void issueNodeCertificate(
                IssueNodeCertificateRequest request, StreamObserver<IssueNodeCertificateResponse> observer) {
            callers.add("issue " + PEER.get());
            requests.add(request);
            whenAsked.run();
            if (!fails(issueFailures, observer)) {
                pending.csr = request.getCsr();
                pending.chain = signsWith.sign(
                        request.getCsr().toByteArray(), newNode, nextRole(), own.clusterId(), expiry, clock.now());
                answer(observer, IssueNodeCertificateResponse.newBuilder()
                        .setNodeId(newNode)
                        .build());
            }
        }

        @Override
        public void nodeCertificateStatus(
                NodeCertificateStatusRequest request, StreamObserver<NodeCertificateStatusResponse> observer) {
            if (!fails(statusFailures, observer)) {
                State state;
                synchronized (states) {
                    state = states.isEmpty() ? State.ISSUED : states.remove();
                }
                boolean other = state == State.UNRECOGNIZED;
                answer(observer, NodeCertificateStatusResponse.newBuilder()
                        .setStatus(IssuanceStatus.newBuilder()
                                .setState(other ? State.ISSUED : state)
                                .setErr(state == State.FAILED ? "no" : ""))
                        .setCertificate(Certificate.newBuilder()
                                .setCsr(other ? ByteString.copyFromUtf8("other") : pending.csr)
                                .setCertificate(ByteString.copyFrom(pending.chain)))
                        .build());
            }
        }
    }

    private final class Keys extends ManagerStateGrpc.ManagerStateImplBase {

        @Override
        public void getLogKeys(GetLogKeysRequest request, StreamObserver<GetLogKeysResponse> observer) {
            answer(observer, logKeys);
        }
    }
}
