package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import io.osmia.raft.RaftConfig.Start;
import io.osmia.raft.TestCa.TestCredentials;
import io.osmia.roles.Handshakes;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in at the raft port. */
class RaftPortTest {

    /** First byte of HTTP/2 that a server sends: the length of its settings. */
    private static final int SETTINGS = 0;

    @TempDir
    Path directory;

    @Test
    void onlyManagersOfThisClusterThatWereNotRemovedGetAWord() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, Fixture.LIMITS)) {
            int port = Integer.parseInt(
                    cluster.open("n1", Start.JOIN).raft.raftAddress().replaceAll(".*:", ""));
            TestCa foreign = new TestCa("cluster2");
            SSLContext manager = context(cluster.ca.manager("m"));
            for (String protocol : new String[] {"TLSv1.3", "TLSv1.2"}) {
                assertThat(firstByte(manager, port, protocol)).as(protocol).isEqualTo(SETTINGS);
                refused(context(cluster.ca.issue("w", TestCa.WORKER)), port, protocol);
                refused(context(foreign.manager("f")), port, protocol);
                refused(context(cluster.ca.issue("e", TestCa.MANAGER, Instant.now().minus(3, ChronoUnit.DAYS))), port,
                        protocol);
            }
            // The same context has a session to resume; but each handshake is looked at.
            cluster.removed.add("m");
            refused(manager, port, "TLSv1.3");
            refused(manager, port, "TLSv1.2");
        }
    }

    @Test
    void connectionsThatSayNothingAreFewAndHinderNoManager() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (TestCluster cluster = new TestCluster(directory, Fixture.LIMITS)) {
            int port = Integer.parseInt(
                    cluster.open("n1", Start.JOIN).raft.raftAddress().replaceAll(".*:", ""));
            for (int i = 0; i < Handshakes.PER_SOURCE + 300; i++) {
                Socket socket = new Socket();
                socket.bind(new InetSocketAddress("127.0.0.2", 0));
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                silent.add(socket);
            }
            await().atMost(Duration.ofSeconds(8))
                    .untilAsserted(() -> assertThat(silent)
                            .as("those too many are closed")
                            .filteredOn(RaftPortTest::isOpen)
                            .hasSizeLessThanOrEqualTo(Handshakes.PER_SOURCE));
            assertThat(firstByte(context(cluster.ca.manager("m")), port, "TLSv1.3")).isEqualTo(SETTINGS);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private static boolean isOpen(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** By an alert, which a reset may overtake. */
    private static void refused(SSLContext context, int port, String protocol) {
        assertThatThrownBy(() -> firstByte(context, port, protocol))
                .as(protocol)
                .isInstanceOfAny(SSLException.class, SocketException.class);
    }

    private static SSLContext context(TestCredentials credentials) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                new KeyManager[] {credentials.keyManager()}, new TrustManager[] {new Anyone()}, new SecureRandom());
        return context;
    }

    private static int firstByte(SSLContext context, int port, String protocol) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            parameters.setProtocols(new String[] {protocol});
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            InputStream in = socket.getInputStream();
            return in.read();
        }
    }

    /** Of no interest here. */
    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
