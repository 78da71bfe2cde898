package io.osmia.itests.peers;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.Ports;
import io.osmia.itests.harness.Wanted;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A Docker daemon of our own in swarm mode: a real SwarmKit manager. It touches no network device and no firewall. */
final class Dockerd implements AutoCloseable {

    private static final Duration BOUND = Duration.ofMinutes(2);

    private final Path dir;
    private final Process process;

    private Dockerd(Path dir, Process process) {
        this.dir = dir;
        this.process = process;
    }

    /** @param dir short: sockets deep below it must fit into 107 bytes */
    static Dockerd start(Path dir) throws Exception {
        Wanted.root("dockerd needs root");
        Path program = Wanted.command("dockerd", "docker.io");
        Path configuration = Files.writeString(dir.resolve("daemon.json"), "{}");
        Dockerd dockerd = new Dockerd(
                dir,
                new ProcessBuilder(command(program, configuration, dir))
                        .redirectErrorStream(true)
                        .redirectOutput(dir.resolve("log").toFile())
                        .start());
        try {
            dockerd.awaitApi();
            dockerd.initSwarm();
            return dockerd;
        } catch (Exception | Error e) {
            dockerd.close();
            throw e;
        }
    }

    private static List<String> command(Path program, Path configuration, Path dir) {
        return List.of(
                program.toString(),
                "--config-file=" + configuration,
                "--data-root=" + dir.resolve("data"),
                "--exec-root=" + dir.resolve("x"),
                "--host=unix://" + dir.resolve("docker.sock"),
                "--pidfile=" + dir.resolve("pid"),
                "--storage-driver=vfs",
                "--bridge=none",
                "--iptables=false",
                "--ip6tables=false",
                "--ip-forward=false",
                "--ip-masq=false",
                "--userland-proxy=false");
    }

    private void awaitApi() {
        Awaitility.await("dockerd listens")
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !process.isAlive() || listens());
        Wanted.that(process.isAlive(), "dockerd does not start on this machine: " + lastLine());
    }

    private boolean listens() {
        try (SocketChannel channel = connect()) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(dir.resolve("docker.sock")));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** What {@code docker swarm init} does. */
    private void initSwarm() throws IOException {
        String body = "{\"ListenAddr\":\"127.0.0.1:" + Ports.free() + "\",\"AdvertiseAddr\":\"127.0.0.1\"}";
        String request = "POST /swarm/init HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
        try (SocketChannel channel = connect()) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            String answer =
                    new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.0 200 ");
        }
        Awaitility.await("SwarmKit's control socket")
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Files.exists(controlSocket()));
    }

    /** Where SwarmKit's Control API is; it speaks TLS only. */
    Path controlSocket() {
        return dir.resolve("x/swarm/control.sock");
    }

    private String lastLine() {
        try {
            List<String> lines = Files.readAllLines(dir.resolve("log"));
            return lines.isEmpty() ? "" : lines.getLast();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("dockerd does not stop: " + lastLine());
        }
    }
}
