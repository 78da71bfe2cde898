package io.osmia.ca.internal.client;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.osmia.ca.CaException;
import io.osmia.ca.internal.Identity;
import io.osmia.ca.internal.OwnKeyManager;
import io.osmia.ca.internal.OwnTrustManager;
import io.osmia.roles.Channels;
import io.osmia.roles.Credentials;
import io.osmia.roles.Remotes;
import io.osmia.roles.Remotes.Remote;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Finds a manager to ask. One that has failed is asked again only when there is no other. One thread. */
public final class CaRoad {

    private final Optional<Path> socket;
    private final Remotes remotes;
    private final Channels channels;
    private final Set<String> failedNodes = new HashSet<>();
    private boolean socketFailed;

    /** @param socket this manager's own control socket, which comes first (rule 7.6.4) */
    public CaRoad(Optional<Path> socket, Remotes remotes, Channels channels) {
        this.socket = socket;
        this.remotes = remotes;
        this.channels = channels;
    }

    /** @param self id of this node, whose own port is taken only when no other manager answers */
    public CaRoad(Optional<Path> socket, Remotes remotes, Channels channels, String self) {
        this(socket, remotes, channels);
        failedNodes.add(self);
    }

    /** To managers that are not verified: for a root that is checked in another way. */
    public static CaRoad unverified(Remotes remotes) {
        return new CaRoad(Optional.empty(), remotes, TlsChannels.unverified());
    }

    /** The same road for one with another certificate. */
    public CaRoad as(Identity identity) {
        Channels others =
                TlsChannels.mutual(new OwnKeyManager(identity), new OwnTrustManager(identity.roots()));
        return new CaRoad(socketFailed ? Optional.empty() : socket, remotes, others);
    }

    /** @throws CaException {@code no remote hosts provided} */
    CaConnection connect() {
        if (socket.isPresent() && !socketFailed) {
            return local(socket.get());
        }
        Remote remote = select();
        return new CaConnection(
                channels.open(remote.address(), Credentials.CA_NAME),
                remote.address(),
                () -> remotes.observe(remote, Remotes.SERVED),
                () -> failed(remote),
                () -> {});
    }

    /** Unix sockets need threads of their own kind; a renewal is too rare to keep them. */
    private CaConnection local(Path path) {
        EventLoopGroup threads = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("certificate-renewal-io", true), NioIoHandler.newFactory());
        return new CaConnection(
                TlsChannels.local(path, threads),
                path.toString(),
                () -> {},
                () -> socketFailed = true,
                () -> threads.shutdownGracefully(0, 2, TimeUnit.SECONDS));
    }

    private Remote select() {
        Optional<Remote> other = remotes.select(failedNodes);
        if (other.isPresent()) {
            return other.get();
        }
        failedNodes.clear();
        socketFailed = false;
        return remotes.select(failedNodes)
                .orElseThrow(() -> new CaException("no remote hosts provided: this node knows no manager to ask"));
    }

    private void failed(Remote remote) {
        failedNodes.add(remote.nodeId());
        remotes.observe(remote, -Remotes.SERVED);
    }
}
