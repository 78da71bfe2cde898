package io.osmia.raft.internal;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.HashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.LeaderElectionManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/** One opening of Ratis as a member of its group: who the others are, and requests that concern them. */
final class RatisGroup {

    private final RaftServer server;
    private final RaftGroupId group;
    private final RaftPeerId self;
    private final ClientId asking = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();

    RatisGroup(RaftServer server, RaftGroupId group, RaftPeerId self) {
        this.server = server;
        this.group = group;
        this.self = self;
    }

    RaftPeerId self() {
        return self;
    }

    private RaftServer.Division division() throws IOException {
        return server.getDivision(group);
    }

    /** The members, of the newest configuration in the log. */
    List<RaftPeer> peers() throws IOException {
        return List.copyOf(division().getRaftConf().getCurrentPeers());
    }

    @Nullable
    RaftPeerId leader() throws IOException {
        return division().getInfo().getLeaderId();
    }

    /** Whether Ratis itself thinks that it leads, and has applied its log. */
    boolean leads() {
        try {
            return division().getInfo().isLeaderReady();
        } catch (IOException e) {
            return false;
        }
    }

    /** Milliseconds since other members were last heard of: on the leader all, on a follower the leader. */
    Map<RaftPeerId, Long> silence() throws IOException {
        RoleInfoProto role = division().getInfo().getRoleInfoProto();
        Map<RaftPeerId, Long> silence = new HashMap<>();
        for (ServerRpcProto follower : role.getLeaderInfo().getFollowerInfoList()) {
            silence.put(RaftPeerId.valueOf(follower.getId().getId()), follower.getLastRpcElapsedTimeMs());
        }
        ServerRpcProto leader = role.getFollowerInfo().getLeaderInfo();
        // Without an id as long as none is known.
        if (!leader.getId().getId().isEmpty()) {
            silence.put(RaftPeerId.valueOf(leader.getId().getId()), leader.getLastRpcElapsedTimeMs());
        }
        return silence;
    }

    /** On the leader: how far each follower's log agrees with this one's. */
    Map<RaftPeerId, Long> matches() throws IOException {
        DivisionInfo info = division().getInfo();
        List<ServerRpcProto> followers = info.getRoleInfoProto().getLeaderInfo().getFollowerInfoList();
        long @Nullable [] indices = info.getFollowerMatchIndices();
        Map<RaftPeerId, Long> matches = new HashMap<>();
        for (int i = 0; indices != null && i < Math.min(indices.length, followers.size()); i++) {
            matches.put(RaftPeerId.valueOf(followers.get(i).getId().getId()), indices[i]);
        }
        return matches;
    }

    /** Changes the members when they still are those given. */
    CompletableFuture<RaftClientReply> change(Collection<RaftPeer> from, Collection<RaftPeer> to) throws IOException {
        return server.setConfigurationAsync(new SetConfigurationRequest(
                asking,
                self,
                group,
                calls.incrementAndGet(),
                SetConfigurationRequest.Arguments.newBuilder()
                        .setServersInCurrentConf(List.copyOf(from))
                        .setServersInNewConf(List.copyOf(to))
                        .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                        .build()));
    }

    /** @param to null to step down only */
    CompletableFuture<RaftClientReply> transfer(@Nullable RaftPeerId to, long timeoutMillis) throws IOException {
        return server.transferLeadershipAsync(new TransferLeadershipRequest(
                asking, self, group, calls.incrementAndGet(), to, timeoutMillis));
    }

    /** From now on this member does not stand for election. */
    void standAside() throws IOException {
        server.leaderElectionManagementAsync(
                LeaderElectionManagementRequest.newPause(asking, self, group, calls.incrementAndGet()));
    }
}
