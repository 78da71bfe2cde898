package io.osmia.executor.docker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A Docker Engine of our own, with its own folders, socket and network namespace: it touches no device and no firewall of the
 * machine. Its containers outlive it (live-restore). It can be stopped, killed, held and started again.
 */
final class PrivateEngine implements AutoCloseable {

    static final String IMAGE = "osmia/test:1";

    private static final Duration BOUND = Duration.ofSeconds(60);

    private final Path dir;
    private final Process namespace;
    private @Nullable Process dockerd;

    private PrivateEngine(Path dir, Process namespace) {
        this.dir = dir;
        this.namespace = namespace;
    }

    static PrivateEngine start() throws Exception {
        Wanted.root();
        Wanted.command("dockerd", "docker.io");
        Wanted.command("busybox", "busybox-static");
        Wanted.command("ip", "iproute2");
        // Short: sockets deep below it must fit into 107 bytes.
        Path dir = Files.createTempDirectory("oe");
        Process namespace =
                new ProcessBuilder("unshare", "--net", "sh", "-c", "ip link set lo up; exec sleep 100000").start();
        PrivateEngine engine = new PrivateEngine(dir, namespace);
        try {
            engine.run();
            engine.importImage();
            return engine;
        } catch (Exception | Error e) {
            engine.close();
            throw e;
        }
    }

    Path socket() {
        return dir.resolve("docker.sock");
    }

    URI host() {
        return URI.create("unix://" + socket());
    }

    /** Starts it, the first time or again. */
    void run() throws Exception {
        forgetContainerd();
        List<String> command =
                new ArrayList<>(List.of("nsenter", "--net=/proc/" + namespace.pid() + "/ns/net", "dockerd"));
        Files.writeString(dir.resolve("daemon.json"), "{}");
        command.addAll(List.of(
                "--config-file=" + dir.resolve("daemon.json"),
                "--data-root=" + dir.resolve("data"),
                "--exec-root=" + dir.resolve("x"),
                "--host=" + host(),
                "--pidfile=" + dir.resolve("pid"),
                "--storage-driver=vfs",
                "--live-restore",
                "--iptables=false",
                "--ip6tables=false",
                "--ip-forward=false",
                "--ip-masq=false"));
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("log").toFile()))
                .start();
        dockerd = started;
        Awaitility.await("dockerd answers")
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !started.isAlive() || answers());
        assertThat(started.isAlive()).describedAs(lastLine()).isTrue();
    }

    /** Its containerd ends with it; where nobody reaps it, the next dockerd would wait for it. */
    private void forgetContainerd() throws IOException {
        Path file = dir.resolve("x/containerd/containerd.pid");
        if (Files.exists(file)) {
            Path status = Path.of("/proc", Files.readString(file).strip(), "status");
            if (Files.notExists(status) || Files.readString(status).contains("State:\tZ")) {
                Files.delete(file);
            }
        }
    }

    private boolean answers() {
        try (DockerHttpClient client = client();
                Response response =
                        client.execute(Request.builder().method(Request.Method.GET).path("/_ping").build())) {
            return response.getStatusCode() == 200;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private DockerHttpClient client() {
        return Transport.connect(Settings.of(host()));
    }

    /** An image with a shell and nothing else, and the same with a command of its own. */
    private void importImage() throws Exception {
        Path root = Files.createDirectories(dir.resolve("root/bin"));
        Files.copy(Path.of("/bin/busybox"), root.resolve("busybox"));
        Process list = new ProcessBuilder("busybox", "--list").start();
        String commands = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        for (String command : commands.split("\\s+")) {
            if (!command.equals("busybox")) {
                Files.createSymbolicLink(root.resolve(command), Path.of("busybox"));
            }
        }
        // Debian's busybox has none.
        Path printenv = root.resolve("printenv");
        Files.deleteIfExists(printenv);
        Files.writeString(printenv, "#!/bin/sh\neval \"printf '%s\\\\n' \\\"\\${$1}\\\"\"\n");
        Files.setPosixFilePermissions(printenv, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String folder : List.of("tmp", "etc", "proc", "sys", "dev")) {
            Files.createDirectories(dir.resolve("root").resolve(folder));
        }
        Process tar = new ProcessBuilder("tar", "-C", dir.resolve("root").toString(), "-c", ".").start();
        try (DockerHttpClient client = client();
                InputStream archive = tar.getInputStream();
                Response response = client.execute(Request.builder()
                        .method(Request.Method.POST)
                        .path("/images/create?fromSrc=-&repo=osmia/test&tag=1")
                        .body(archive)
                        .build())) {
            String answer = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(response.getStatusCode()).describedAs(answer).isEqualTo(200);
        }
    }

    /** Ends it in order; its containers run on. */
    void stop() throws InterruptedException {
        end(running());
    }

    /** Kills it; its containers run on. */
    void kill() throws InterruptedException {
        running().destroyForcibly();
        assertThat(running().waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** It goes on to exist and answers nobody. */
    void hold() throws Exception {
        signal("STOP");
    }

    void release() throws Exception {
        signal("CONT");
    }

    private void signal(String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(running().pid())).start().waitFor();
    }

    private Process running() {
        if (dockerd == null) {
            throw new IllegalStateException("dockerd was not started");
        }
        return dockerd;
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("process " + process.pid() + " does not end");
        }
    }

    private String lastLine() throws IOException {
        List<String> lines = Files.readAllLines(dir.resolve("log"));
        return lines.isEmpty() ? "" : lines.getLast();
    }

    @Override
    public void close() throws Exception {
        try {
            if (dockerd != null) {
                if (!dockerd.isAlive()) {
                    run();
                }
                release();
                removeContainers();
                end(dockerd);
            }
        } finally {
            namespace.destroyForcibly();
            unmount();
            delete();
        }
    }

    private void removeContainers() throws Exception {
        try (Engine engine = new Engine(Settings.of(host()))) {
            Containers containers = new Containers(engine);
            for (var container : engine.get("/containers/json?all=1", "list its containers")) {
                containers.remove(container.path("Id").asText());
            }
        }
    }

    /** What it has mounted onto itself would be in the way. */
    private void unmount() throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            String mounted = line.split(" ")[1];
            if (mounted.startsWith(dir + "/")) {
                new ProcessBuilder("umount", "-l", mounted).start().waitFor();
            }
        }
    }

    private void delete() throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
