package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.osmia.wire.swarmkit.NodeStatus;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manager's remote API, which lets in who has a certificate of the cluster. */
class RemoteTest {

    @TempDir
    private static Path folder;

    private static PrivateKey key;
    private static X509Certificate certificate;

    private Cli cli;
    private Server server;
    private Path certificates;
    private String address = "";

    @BeforeAll
    static void makeKeys() throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("keys");
        Process keytool = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "node", "-keyalg", "EC", "-dname", "CN=node,OU=swarm-manager,O=cluster",
                "-ext", "san=dns:swarm-manager", "-storetype", "PKCS12", "-storepass", "secret", "-keystore",
                store.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, "secret".toCharArray());
        }
        key = (PrivateKey) loaded.getKey("node", "secret".toCharArray());
        certificate = (X509Certificate) loaded.getCertificate("node");
    }

    @BeforeEach
    void startManager() throws IOException, GeneralSecurityException {
        cli = new Cli();
        cli.environment.put("SWARM_SOCKET", "/nowhere");
        cli.control.nodes.add(Samples.node("node1id", "one", NodeStatus.State.READY));
        certificates = Files.createDirectory(cli.folder().resolve("certificates"));
        write("swarm-node.crt", "CERTIFICATE", "", certificate.getEncoded());
        write("swarm-root-ca.crt", "CERTIFICATE", "", certificate.getEncoded());
        write("swarm-node.key", "PRIVATE KEY", "kek-version: 3\nraft-dek: AAAA\n\n", key.getEncoded());
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .sslContext(GrpcSslContexts.configure(
                        SslContextBuilder.forServer(key, certificate)
                                .trustManager(certificate)
                                .clientAuth(ClientAuth.REQUIRE),
                        SslProvider.JDK)
                        .build())
                .addService(cli.control)
                .build()
                .start();
        address = "127.0.0.1:" + server.getPort();
    }

    @AfterEach
    void close() throws Exception {
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        cli.close();
    }

    private void write(String name, String type, String headers, byte[] content) throws IOException {
        Files.writeString(certificates.resolve(name), "-----BEGIN " + type + "-----\n" + headers
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + type
                + "-----\n");
    }

    private Cli.Result nodes() {
        return cli.run("node", "ls", "-q", "--host", address, "--certificates",
                certificates.toString());
    }

    @Test
    void theCertificatesOfANodeOpenTheWay() {
        Cli.Result result = nodes();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("node1id\n");
    }

    @Test
    void aLockedKeyIsNamed() throws IOException {
        write("swarm-node.key", "ENCRYPTED PRIVATE KEY", "kek-version: 3\n\n", key.getEncoded());
        Cli.Result result = nodes();
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).startsWith("osmia: cannot use " + certificates.resolve("swarm-node.key")
                + ": it is locked;");
    }

    @Test
    void whatIsNoKeyIsNamed() throws IOException {
        write("swarm-node.key", "EC KEY", "", key.getEncoded());
        assertThat(nodes().err()).endsWith("swarm-node.key: no private key is in it\n");
        write("swarm-node.key", "PRIVATE KEY", "", new byte[] {1, 2, 3});
        assertThat(nodes().err()).contains("cannot use").contains("swarm-node.key");
        Files.writeString(certificates.resolve("swarm-node.crt"), "");
        assertThat(nodes().err()).contains("cannot use").contains("swarm-node.crt");
    }

    @Test
    void whereNobodyListensTheAddressIsNamed() throws InterruptedException {
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        assertThat(nodes().err()).startsWith("osmia: no manager at " + address);
    }

    @Test
    void anAddressIsHostAndPort() {
        for (String host : List.of("somewhere", ":1", "127.0.0.1:http", "127.0.0.1:99999")) {
            Cli.Result result = cli.run("node", "ls", "--host", host, "--certificates", certificates.toString());
            assertThat(result.err()).startsWith("osmia: no machine is known as '" + host + "'");
        }
    }

    @Test
    void freshnessIsAskedForWithEveryRead() throws Exception {
        try (Cli local = new Cli()) {
            local.run("node", "ls", "--linearizable", "-q");
            local.run("node", "ls", "-q");
            assertThat(local.reads).containsExactly("linearizable", "");
        }
    }
}
