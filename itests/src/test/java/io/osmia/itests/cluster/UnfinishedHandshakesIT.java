package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.AskingAgain;
import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.NodeLogs;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Services;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Connections that never finish a handshake, at both ports of a manager. */
@ExtendWith(NodeLogs.class)
class UnfinishedHandshakesIT {

    /** At each port. */
    private static final int UNFINISHED = Integer.getInteger("osmia.unfinished", 1_000);

    /** Several times what a handshake may take, and less than the two minutes that gRPC gives it by itself. */
    private static final Duration GIVEN_UP = Duration.ofSeconds(60);

    /** By which a manager's descriptors may differ because something is idle or not. */
    private static final int POOL = 40;

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    @DisplayName("they keep nobody out; -Dosmia.unfinished=10000 for the full number")
    void theyKeepNobodyOut() throws Exception {
        List<Socket> open = new ArrayList<>();
        try (Cluster cluster = Cluster.in(dir)) {
            Node attacked = cluster.found("m1");
            Node other = cluster.joinManager("m2");
            Awaitility.await().atMost(Node.SOON).until(() -> list(attacked).code() == 0);
            long before = descriptors(attacked);
            long begin = System.nanoTime();
            for (String address : List.of(cluster.apiAddress(attacked), cluster.raftAddress(attacked))) {
                for (int i = 0; i < UNFINISHED; i++) {
                    open.add(begin(address));
                }
            }
            long opened = System.nanoTime();
            assertThat(list(attacked).code()).isZero();
            long listed = System.nanoTime();
            long during = descriptors(attacked);
            assertThat(during - before).as("descriptors").isLessThan(2 * 256 + POOL);

            other.kill();
            other.launch();
            cluster.awaitManager(other);
            AskingAgain.create(() -> Services.create(attacked, "written", 0, "true"));
            Node newcomer = cluster.joinWorker("w1");
            long joined = System.nanoTime();
            newcomer.close();
            Awaitility.await("they are closed")
                    .atMost(GIVEN_UP)
                    .until(() -> open.stream().allMatch(UnfinishedHandshakesIT::isClosed));
            Awaitility.await("their descriptors are closed")
                    .atMost(Node.SOON)
                    .until(() -> descriptors(attacked) <= before + POOL);
            System.out.printf(
                    "UnfinishedHandshakesIT: 2 x %d in %d ms, then 'node ls' in %d ms, manager and worker in %d ms,"
                            + " descriptors %d, %d, %d%n",
                    UNFINISHED,
                    millis(begin, opened),
                    millis(opened, listed),
                    millis(listed, joined),
                    before,
                    during,
                    descriptors(attacked));
            assertThat(attacked.logText()).contains("too many connections do not finish their handshake");
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private static Distribution.Result list(Node asked) throws IOException, InterruptedException {
        return asked.cli("node", "ls");
    }

    private static long millis(long from, long until) {
        return Duration.ofNanos(until - from).toMillis();
    }

    /** The first bytes of a TLS record, and no more. Some are closed before that: there is a limit for each address. */
    private static Socket begin(String address) throws IOException {
        String[] parts = address.split(":");
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])), 5_000);
        try {
            socket.setSoTimeout(1);
            socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0});
        } catch (IOException e) {
            assertThat(socket.isConnected()).isTrue();
        }
        return socket;
    }

    private static boolean isClosed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static long descriptors(Node node) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", node.process().pid() + "", "fd"))) {
            return all.count();
        }
    }
}
