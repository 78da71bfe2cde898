package io.osmia.raft.internal;

import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Map;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpcWithProxy;
import org.apache.ratis.util.PeerProxyMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes Ratis dial a member where it is now. It keeps the address at which it first knew a member for as long as it runs, and
 * offers no way to change that.
 */
final class PeerAddresses {

    private static final Logger LOG = LoggerFactory.getLogger(PeerAddresses.class);

    private final RaftServer server;

    PeerAddresses(RaftServer server) {
        this.server = server;
    }

    /** The members as of now; one call at a time. Closing what led to a former address takes its time. */
    void are(Collection<RaftPeer> peers) {
        if (server.getServerRpc() instanceof RaftServerRpcWithProxy<?, ?> rpc) {
            for (RaftPeer peer : peers) {
                dial(rpc.getProxies(), peer);
            }
        }
    }

    private static <P extends Closeable> void dial(PeerProxyMap<P> connections, RaftPeer peer) {
        try {
            Map<?, ?> byMember = (Map<?, ?>) field(connections, "peers");
            Object connection = byMember.get(peer.getId());
            if (connection != null
                    && field(connection, "peer") instanceof RaftPeer before
                    && !String.valueOf(peer.getAddress()).equals(before.getAddress())) {
                LOG.info("raft: member {} is now at {}, was at {}", peer.getId(), peer.getAddress(),
                        before.getAddress());
                P former = connections.getProxy(peer.getId());
                byMember.remove(peer.getId());
                connections.computeIfAbsent(peer);
                former.close();
            }
        } catch (ReflectiveOperationException | IOException e) {
            LOG.warn(
                    "raft: member {} is dialed at {} only after a restart: {}",
                    peer.getId(),
                    peer.getAddress(),
                    e.toString());
        }
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }
}
