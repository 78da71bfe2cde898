package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.raft.RaftConfig.Start;
import io.osmia.raft.internal.transport.Peers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions to other members beside Ratis. */
class PeersTest {

    @TempDir
    Path directory;

    private static RaftPeer peer(long raftId, String nodeId, String address) {
        return RaftPeer.newBuilder()
                .setId(Long.toHexString(raftId) + "." + nodeId)
                .setAddress(address)
                .build();
    }

    private static void accept(ServerSocket server, List<Socket> accepted) {
        try {
            while (true) {
                accepted.add(server.accept());
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    @Test
    void aHandshakeThatTakesLongerThanAnAnswerMayIsNotBegunAnew() throws Exception {
        List<Socket> accepted = new CopyOnWriteArrayList<>();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Peers peers = new Peers(new TestCa("cluster1").manager("m"), Exclusion.NOBODY, 300)) {
            Thread.ofVirtual().start(() -> accept(silent, accepted));
            RaftPeer peer = peer(1, "n1", "127.0.0.1:" + silent.getLocalPort());
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> peers.term(peer).get(20, TimeUnit.SECONDS))
                        .hasMessageContaining("DEADLINE_EXCEEDED");
            }
            TestCluster.soon().untilAsserted(() -> assertThat(accepted).hasSize(1));
        } finally {
            for (Socket socket : accepted) {
                socket.close();
            }
        }
    }

    @Test
    void anotherMemberAtTheSameAddressDoesNotAnswerForTheOneThatWasThere() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, RaftLimits.DEFAULT);
                Peers peers = new Peers(cluster.ca.manager("m"), Exclusion.NOBODY, 20_000)) {
            String address = cluster.open("n1", Start.JOIN).raft.raftAddress();
            assertThat(peers.term(peer(TestCluster.raftId("n1"), "n1", address)).get(20, TimeUnit.SECONDS))
                    .isZero();
            assertThatThrownBy(() -> peers.term(peer(0x99, "n1", address)).get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("this is not 99.n1");
        }
    }
}
