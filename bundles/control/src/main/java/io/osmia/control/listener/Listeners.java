package io.osmia.control.listener;

import io.grpc.ServerInterceptor;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
import io.osmia.roles.Handshakes;
import io.osmia.roles.NodeSettings;
import io.osmia.wire.NonNullable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Both listeners of a manager, from binding to the end. Not thread-safe: one thread starts it, then one stops it. */
final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** Rule 8.8.5. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final NodeSettings settings;
    private final Credentials credentials;
    private final Services services;
    private final List<ServerInterceptor> interceptors;
    private final UnaryCalls unaryCalls = new UnaryCalls();
    private final Health.Standard health;
    private final LocalSocket socket;
    private final AddressesFile addresses;
    private final EventLoops loops = new EventLoops();
    private final Leaders leaders;
    private final Handshakes handshakes = new Handshakes(LOG::warn);
    private final Duration grace;
    private @Nullable Listener remote;
    private @Nullable Listener local;

    Listeners(NodeSettings settings, Credentials credentials, Services services, Clock clock) {
        this(settings, credentials, services, clock, GRACE);
    }

    /** @param grace what calls that end by themselves get when it stops */
    Listeners(NodeSettings settings, Credentials credentials, Services services, Clock clock, Duration grace) {
        Tls.overlookServerNames();
        Tls.issueNoTickets();
        this.settings = settings;
        this.credentials = credentials;
        this.services = services;
        this.interceptors = List.of(
                unaryCalls, new Answers(NonNullable::fill),
                new Authorization(services, credentials.clusterId(), clock));
        this.leaders = new Leaders(services, credentials.nodeId(), LONGEST_WAIT, System::nanoTime);
        this.health = new Health.Standard(services);
        this.socket = new LocalSocket(settings.listenControlApi());
        this.addresses = new AddressesFile(settings.stateDir());
        this.grace = grace;
    }

    /** Binds both, or none. */
    Bound start() throws IOException {
        try {
            InetSocketAddress address = bindRemote();
            Bound bound = new Bound(
                    Addresses.advertised(settings.advertiseRemoteApi(), address), Addresses.self(address));
            bindLocal(bound.remoteAddress());
            note(Addresses.format(address));
            LOG.info("remote API on {}, control API on {}", Addresses.format(address), socket);
            return bound;
        } catch (IOException e) {
            stop();
            throw e;
        }
    }

    /** Only for those who asked for port 0: a full disk must not keep the node from coming back. */
    private void note(String remote) throws IOException {
        try {
            addresses.write(remote, socket.toString());
        } catch (IOException e) {
            LOG.warn("the file addresses in the state directory cannot be written, the node runs without: {}",
                    e.toString());
            addresses.remove();
        }
    }

    private InetSocketAddress bindRemote() throws IOException {
        InetSocketAddress wanted = Addresses.parse(settings.listenRemoteApi());
        try {
            Listener started = Listener.start(
                    wanted,
                    NioServerSocketChannel.class,
                    Negotiation.remote(new Tls(credentials, Reach.REMOTE), handshakes),
                    loops,
                    handlers(Reach.REMOTE),
                    Callers.byCertificate(handshakes),
                    interceptors);
            remote = started;
            return (InetSocketAddress) started.addresses().getFirst();
        } catch (IOException e) {
            throw new BindFailure("the remote API cannot listen on " + settings.listenRemoteApi() + ": " + reason(e)
                    + "; stop what listens there, or give another address with --listen-remote-api HOST:PORT", e);
        }
    }

    private Handlers handlers(Reach reach) {
        return new Handlers(
                reach,
                services,
                new BuiltIn(reach, services, health),
                new Forwarding(reach, services, leaders));
    }

    private void bindLocal(String ownAddress) throws IOException {
        socket.prepare();
        try {
            local = Listener.start(
                    socket.address(),
                    NioServerDomainSocketChannel.class,
                    Negotiation.local(new Tls(credentials, Reach.LOCAL)),
                    loops,
                    handlers(Reach.LOCAL),
                    Callers.thisManager(credentials, ownAddress),
                    interceptors);
            socket.restrict();
        } catch (IOException e) {
            throw new BindFailure("the control API cannot listen on " + socket + ": " + reason(e)
                    + "; give another path with --listen-control-api PATH", e);
        }
    }

    /** gRPC says little; what the system said is further down. */
    private static String reason(Throwable failure) {
        Throwable deepest = failure;
        while (!(deepest instanceof BindException) && deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage());
    }

    /** Ends both: calls that end by themselves get their grace, and no thread is left. */
    void stop() {
        try {
            long deadline = System.nanoTime() + grace.toNanos();
            health.close();
            leaders.close();
            for (Listener listener : started()) {
                listener.beginStop();
            }
            unaryCalls.awaitNone(deadline);
            for (Listener listener : started()) {
                listener.finishStop();
            }
            loops.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            removeFiles();
        }
    }

    /** How many connections have not finished their handshake. */
    int unfinishedHandshakes() {
        return handshakes.count();
    }

    private List<Listener> started() {
        return Stream.of(remote, local)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    private void removeFiles() {
        try {
            socket.remove();
            addresses.remove();
        } catch (IOException e) {
            LOG.warn("the control socket {} or the file addresses cannot be removed: {}", socket, e.getMessage());
        }
    }
}
