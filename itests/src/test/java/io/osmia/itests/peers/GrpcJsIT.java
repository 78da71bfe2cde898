package io.osmia.itests.peers;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.OnDisk;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that shares no code with Osmia, on the local socket. */
class GrpcJsIT {

    private static final String[] STEPS = {"health", "cluster", "create", "list", "update", "remove"};

    @TempDir(factory = OnDisk.class)
    static Path dir;

    private static GrpcJs client;
    private static Node node;

    /** Before each test and not before all: tests that are left out are counted and say why. */
    @BeforeEach
    void startNodeOnce() throws Exception {
        client = GrpcJs.install();
        if (node == null) {
            node = new Node(dir.resolve("n"));
            node.start();
        }
    }

    @AfterAll
    static void stopNode() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void worksInPlaintext() throws Exception {
        assertAllSteps(client.run(node.socket(), "plaintext", ""));
    }

    @Test
    void worksInPlaintextWithTheAuthorityOfGoClients() throws Exception {
        assertAllSteps(client.run(node.socket(), "plaintext", escapedSocket()));
    }

    @Test
    void worksInTls() throws Exception {
        assertAllSteps(client.run(node.socket(), "tls", ""));
    }

    @Test
    void worksInTlsWithTheAuthorityOfGoClients() throws Exception {
        assertAllSteps(client.run(node.socket(), "tls", escapedSocket()));
    }

    /** In TLS this is also the server name. */
    private String escapedSocket() {
        return URLEncoder.encode(node.socket().toString(), StandardCharsets.UTF_8);
    }

    private static void assertAllSteps(Distribution.Result result) {
        assertThat(result.err()).isEmpty();
        assertThat(result.lines()).containsExactly(STEPS);
        assertThat(result.code()).isZero();
    }
}
