package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.swarmkit.NodeStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which socket, and how it is spoken to: rules 10.1.1 and 10.1.2. */
class ConnectionTest {

    @TempDir
    private static Path folder;

    private static KeyManagerFactory keys;

    @BeforeAll
    static void makeKeys() throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("keys");
        Process keytool = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "node", "-keyalg", "EC", "-dname", "CN=somebody", "-storetype",
                "PKCS12", "-storepass", "secret", "-keystore", store.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, "secret".toCharArray());
        }
        keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(loaded, "secret".toCharArray());
    }

    private static void listsNodes(Cli cli, String... words) {
        cli.control.nodes.add(Samples.node("node1id", "one", NodeStatus.State.READY));
        Cli.Result result = cli.run(words);
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("node1id\n");
    }

    @Test
    void plaintextIsEnoughForANodeThatTakesIt() throws Exception {
        try (Cli cli = new Cli()) {
            listsNodes(cli, "node", "ls", "-q");
        }
    }

    @Test
    void aNodeThatSpeaksOnlyTlsIsSpokenToInTls() throws Exception {
        try (Cli cli = new Cli(keys)) {
            listsNodes(cli, "node", "ls", "-q");
        }
    }

    @Test
    void tlsCanBeAskedFor() throws Exception {
        try (Cli cli = new Cli(keys)) {
            listsNodes(cli, "--tls", "node", "ls", "-q");
        }
        try (Cli cli = new Cli()) {
            assertThat(cli.run("node", "ls", "--tls").code()).isEqualTo(3);
        }
    }

    @Test
    void aSocketMayHaveAnyPathThatTheLocaleHasLettersFor() throws Exception {
        Assumptions.assumeTrue(
                "UTF-8".equals(System.getProperty("sun.jnu.encoding")),
                "needs a locale with all letters, such as C.UTF-8");
        try (Cli cli = new Cli()) {
            Path link = cli.folder().resolve("so \u00fc%20+:?#k");
            Files.createSymbolicLink(link, cli.socket());
            listsNodes(cli, "node", "ls", "-q", "--socket", link.toString());
        }
    }

    @Test
    void theFlagGoesBeforeTheEnvironment() throws Exception {
        try (Cli cli = new Cli()) {
            String socket = cli.socket().toString();
            cli.environment.put("SWARM_SOCKET", "/nowhere");
            assertThat(cli.run("node", "ls").err()).contains("no node at /nowhere");
            listsNodes(cli, "node", "--socket", socket, "ls", "-q");
        }
    }

    @Test
    void withoutEitherTheUsualStateDirectoryIsMeant() throws Exception {
        try (Cli cli = new Cli()) {
            cli.environment.clear();
            cli.environment.put("XDG_STATE_HOME", "/xdg");
            String usual = "root".equals(System.getProperty("user.name")) ? "/var/lib/osmia" : "/xdg/osmia";
            assertThat(io.osmia.shell.internal.connect.SocketPath.state(cli.environment, "osmia"))
                    .isEqualTo(Path.of("/xdg/osmia"));
            if (!Files.exists(Path.of(usual, "osmia.sock")) && !Files.exists(Path.of("/var/run/swarmd.sock"))) {
                assertThat(cli.run("node", "ls").err()).contains(usual + "/osmia.sock");
            }
        }
    }
}
