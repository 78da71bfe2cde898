package io.osmia.itests.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** The command {@code openssl}, as a client and as a server that does what it is told. */
public final class Openssl {

    private final String command = Wanted.command("openssl", "openssl").toString();

    /** What {@code openssl s_client} says of a connection there; it ends as soon as the handshake is over. */
    public String client(String address, String... options) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(command, "s_client", "-connect", address, "-alpn", "h2"));
        all.addAll(List.of(options));
        Distribution.Result result = Distribution.run(Map.of(), all);
        return result.out() + result.err();
    }

    /** A server that allows TLS 1.1, until it is closed. */
    public Server permissiveServer(Path dir) throws IOException, InterruptedException {
        Path key = dir.resolve("control.key");
        Path certificate = dir.resolve("control.crt");
        Distribution.Result made = Distribution.run(Map.of(), List.of(
                command, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=control", "-days", "2",
                "-keyout",
                key.toString(), "-out", certificate.toString()));
        if (made.code() != 0) {
            throw new IllegalStateException(made.err());
        }
        int port = Ports.free();
        Path log = dir.resolve("s_server.log");
        Process process = new ProcessBuilder(
                command, "s_server", "-accept", "127.0.0.1:" + port, "-key", key.toString(), "-cert",
                certificate.toString(), "-alpn", "h2", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0", "-quiet")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Server server = new Server("127.0.0.1:" + port, process);
        Awaitility.await("s_server listens; its log is " + log)
                .atMost(Node.SOON)
                .ignoreException(IOException.class)
                .until(() -> {
                    new java.net.Socket("127.0.0.1", port).close();
                    return true;
                });
        return server;
    }

    /** A running {@code openssl s_server}. */
    public record Server(String address, Process process) implements AutoCloseable {

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
