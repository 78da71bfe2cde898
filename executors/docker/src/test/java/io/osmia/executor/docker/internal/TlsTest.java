package io.osmia.executor.docker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.engines.Wanted;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine behind TCP with TLS, which wants a certificate of its clients. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TlsTest {

    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    private Path folder;

    private SSLServerSocket server;

    @BeforeEach
    void start() throws Exception {
        Wanted.command("openssl", "openssl");
        openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca-key.pem -out ca.pem -days 2 -subj /CN=ca");
        certificate("server", "subjectAltName=IP:127.0.0.1");
        certificate("client", "extendedKeyUsage=clientAuth");
        openssl("pkcs12 -export -inkey server-key.pem -in server.pem -out server.p12 -passout pass:password");
        Files.move(folder.resolve("client.pem"), folder.resolve("cert.pem"));
        Files.move(folder.resolve("client-key.pem"), folder.resolve("key.pem"));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("server.p12"))) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(folder.resolve("ca.pem"))) {
            trusted.setCertificateEntry(
                    "ca", java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 5,
                InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(true);
        Thread.ofVirtual().start(this::serve);
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private void certificate(String name, String extension) throws Exception {
        Files.writeString(folder.resolve("ext"), extension);
        openssl("req -newkey rsa:2048 -nodes -keyout " + name + "-key.pem -out " + name + ".csr -subj /CN=" + name);
        openssl("x509 -req -in " + name + ".csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile ext -out "
                + name + ".pem");
    }

    private void openssl(String arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).describedAs(output).isZero();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                boolean ignored = socket.getInputStream().read() < 0;
                String body = "{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}";
                socket.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length()
                                + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // A client that was not let in, or the end.
            }
        }
    }

    private Settings settings(Optional<Path> certificates) {
        Settings plain = Settings.of(URI.create("tcp://127.0.0.1:" + server.getLocalPort()));
        return new Settings(
                true,
                plain.host(),
                certificates,
                Duration.ofSeconds(10),
                plain.work(),
                plain.pullSilence(),
                plain.pull(),
                plain.parallel());
    }

    @Test
    void bothSidesShowTheirCertificates() throws Exception {
        try (Engine engine = new Engine(settings(Optional.of(folder)))) {
            assertThat(engine.negotiate()).hasToString("1.41");
        }
    }

    @Test
    void withoutACertificateThereIsNoConnection() throws Exception {
        try (Engine engine = new Engine(settings(Optional.empty()))) {
            assertThatThrownBy(engine::negotiate).isInstanceOfSatisfying(
                    EngineException.class, e -> assertThat(e.kind()).isNotEqualTo(EngineException.Kind.DETACHED));
        }
    }
}
