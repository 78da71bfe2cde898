package io.osmia.raft;

import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.osmia.raft.TestCluster.Node;
import io.osmia.raft.internal.service.ManagerStateService;
import io.osmia.roles.Channels;
import io.osmia.roles.LogKeys;
import io.osmia.roles.ManagerRole;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** What members of a test's cluster ask each other, at the addresses of their APIs. */
final class ManagerCalls implements AutoCloseable {

    record Role(String nodeId, String clusterId) implements ManagerRole {}

    private final String prefix = "test" + System.identityHashCode(this) + "-";
    private final Map<String, Server> servers = new HashMap<>();

    static Role role(Node node) {
        return new Role(node.name, TestCluster.CLUSTER);
    }

    Channels channels() {
        return (address, name) -> InProcessChannelBuilder.forName(prefix + address).build();
    }

    void serve(Node node, LogKeys keys) throws IOException {
        RaftNode raft = node.raft;
        servers.put(
                node.name,
                InProcessServerBuilder.forName(prefix + TestCluster.api(node.name))
                        .addService(new ManagerStateService(raft, role(node), raft, raft, keys, channels(), raft))
                        .build()
                        .start());
    }

    void stop(String name) {
        servers.remove(name).shutdownNow();
    }

    @Override
    public void close() {
        servers.values().forEach(Server::shutdownNow);
    }
}
