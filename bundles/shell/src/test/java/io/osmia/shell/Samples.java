package io.osmia.shell;

import com.google.protobuf.ByteString;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.ManagerStatus;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.RaftMemberStatus;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;

/** Objects as a node would hold them. */
final class Samples {

    private Samples() {}

    static Service service(String id, String name, int replicas) {
        Service.Builder service = Service.newBuilder().setId(id);
        service.getMetaBuilder().getVersionBuilder().setIndex(7);
        service.getSpecBuilder().getAnnotationsBuilder().setName(name);
        service.getSpecBuilder().getReplicatedBuilder().setReplicas(replicas);
        service.getSpecBuilder()
                .getTaskBuilder()
                .getContainerBuilder()
                .setImage("osmia/host")
                .addCommand("sh");
        return service.build();
    }

    static Task task(String id, Service service, int slot, TaskState state) {
        Task.Builder task = Task.newBuilder()
                .setId(id)
                .setServiceId(service.getId())
                .setSlot(slot)
                .setNodeId("node1id")
                .setSpec(service.getSpec().getTask())
                .setServiceAnnotations(service.getSpec().getAnnotations())
                .setDesiredState(TaskState.RUNNING);
        task.getMetaBuilder().setCreatedAt(FakeControl.at(Cli.NOW - 60));
        task.getStatusBuilder().setState(state).setTimestamp(FakeControl.at(Cli.NOW - 30));
        return task.build();
    }

    static Task failing(Task task, String why) {
        Task.Builder failing = task.toBuilder();
        failing.getStatusBuilder().setErr(why);
        return failing.build();
    }

    static Task history(Task task, TaskState state) {
        Task.Builder ended = task.toBuilder().setDesiredState(TaskState.SHUTDOWN);
        ended.getStatusBuilder().setState(state);
        ended.getMetaBuilder().setCreatedAt(FakeControl.at(Cli.NOW - 600));
        return ended.build();
    }

    static Node node(String id, String hostname, NodeStatus.State state) {
        Node.Builder node = Node.newBuilder().setId(id);
        node.getSpecBuilder()
                .setMembership(NodeSpec.Membership.ACCEPTED)
                .setDesiredRole(NodeRole.WORKER);
        node.getStatusBuilder().setState(state).setAddr("127.0.0.1");
        node.getDescriptionBuilder().setHostname(hostname).getPlatformBuilder().setOs("linux")
                .setArchitecture("x86_64");
        node.getDescriptionBuilder()
                .getResourcesBuilder()
                .setNanoCpus(2_000_000_000L)
                .setMemoryBytes(3L << 29);
        return node.build();
    }

    static Node leader(Node node) {
        Node.Builder leader = node.toBuilder();
        leader.getSpecBuilder().setDesiredRole(NodeRole.MANAGER);
        leader.setManagerStatus(ManagerStatus.newBuilder()
                .setLeader(true)
                .setAddr("127.0.0.1:4242")
                .setReachability(RaftMemberStatus.Reachability.REACHABLE));
        return leader.build();
    }

    static Cluster cluster() {
        Cluster.Builder cluster = Cluster.newBuilder().setId("cluster1id");
        cluster.getSpecBuilder().getAnnotationsBuilder().setName("default");
        cluster.getSpecBuilder().getOrchestrationBuilder().setTaskHistoryRetentionLimit(5);
        cluster.getSpecBuilder().getDispatcherBuilder().getHeartbeatPeriodBuilder().setSeconds(5);
        cluster.getSpecBuilder().getCaConfigBuilder().getNodeCertExpiryBuilder().setSeconds(7_776_000);
        cluster.getRootCaBuilder().getJoinTokensBuilder().setWorker("SWMTKN-1-w").setManager("SWMTKN-1-m");
        return cluster.build();
    }

    /** Of a worker, for a single day before {@link Cli#NOW}; its key was thrown away. */
    static ByteString certificate() {
        return ByteString.copyFromUtf8("""
                -----BEGIN CERTIFICATE-----
                MIIBSTCB7wIUF1/XO+1wA0lUgiwUGFbnl9p8YtMwCgYIKoZIzj0EAwIwEzERMA8G
                A1UEAwwIc3dhcm0tY2EwHhcNMjYxMTIxMTI0NDM0WhcNMjYxMTIyMTI0NDM0WjA7
                MRAwDgYDVQQKDAdjbHVzdGVyMRUwEwYDVQQLDAxzd2FybS13b3JrZXIxEDAOBgNV
                BAMMB25vZGUyaWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASOlYiFl2sDbCt4
                JP/unXgStuvpHSzzXOcYXY5d1fuxAL8WHsBVISbfswhOJTrOthoErRb0pOwZNCuW
                dVKbVPdBMAoGCCqGSM49BAMCA0kAMEYCIQCH0cUI3h68eYP3I5HruVYKMdxcM7LK
                f53/pfEWw9vMwQIhAPLX34c2mz71saq7zp005BNJrWxju7mv+AaWHWdpLlnZ
                -----END CERTIFICATE-----
                """);
    }
}
