package io.osmia.executor.podman.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A Podman of our own, with its own folders, socket and network namespace: it touches no device and no firewall of the machine.
 * Its service can be stopped, killed, held and started again; containers do not notice.
 */
final class PrivatePodman implements AutoCloseable {

    static final String IMAGE = "localhost/osmia-test:1";

    private static final Duration BOUND = Duration.ofSeconds(60);

    private final Path dir;
    private final Process namespace;
    private @Nullable Process service;

    private PrivatePodman(Path dir, Process namespace) {
        this.dir = dir;
        this.namespace = namespace;
    }

    static PrivatePodman start() throws Exception {
        Wanted.root();
        Wanted.command("podman", "podman");
        Wanted.command("conmon", "conmon");
        Wanted.command("runc", "runc");
        Wanted.that(Files.isExecutable(Path.of("/usr/lib/podman/netavark")), "install the Debian package netavark");
        Wanted.command("busybox", "busybox-static");
        Wanted.command("iptables", "iptables");
        Wanted.command("ip", "iproute2");
        // Short: sockets deep below it must fit into 107 bytes.
        Path dir = Files.createTempDirectory("op");
        Process namespace =
                new ProcessBuilder("unshare", "--net", "sh", "-c", "ip link set lo up; exec sleep 100000").start();
        PrivatePodman podman = new PrivatePodman(dir, namespace);
        try {
            podman.configure();
            podman.importImage();
            podman.run();
            return podman;
        } catch (Exception | Error e) {
            podman.close();
            throw e;
        }
    }

    private void configure() throws IOException {
        Path init = Path.of("/usr/bin/tini-static");
        // runc, and limits below this machine's: as a guest without CAP_SYS_RESOURCE and with both kinds of cgroups wants.
        Files.writeString(dir.resolve("containers.conf"), """
                [containers]
                default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
                log_driver = "k8s-file"
                %1$s
                [engine]
                %1$s
                runtime = "runc"
                cgroup_manager = "cgroupfs"
                events_logger = "file"
                [network]
                network_backend = "netavark"
                network_config_dir = "%2$s"
                """.formatted(Files.exists(init) ? "init_path = \"" + init + "\"" : "", dir.resolve("net")));
        Files.writeString(dir.resolve("storage.conf"), """
                [storage]
                driver = "vfs"
                graphroot = "%s"
                runroot = "%s"
                """.formatted(dir.resolve("root"), dir.resolve("run")));
    }

    Path socket() {
        return dir.resolve("sock");
    }

    private ProcessBuilder command(String... words) {
        List<String> command = new ArrayList<>(List.of(
                "nsenter", "--net=/proc/" + namespace.pid() + "/ns/net", "podman",
                "--root=" + dir.resolve("root"), "--runroot=" + dir.resolve("run"), "--tmpdir=" + dir.resolve("tmp")));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true);
        builder.environment().put("CONTAINERS_CONF", dir.resolve("containers.conf").toString());
        builder.environment().put("CONTAINERS_STORAGE_CONF", dir.resolve("storage.conf").toString());
        return builder.redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("log").toFile()));
    }

    /** Starts the service, the first time or again. */
    void run() throws Exception {
        Files.deleteIfExists(socket());
        Process started = command("system", "service", "--time=0", "unix://" + socket()).start();
        service = started;
        Awaitility.await("podman listens").atMost(BOUND).pollInterval(Duration.ofMillis(20))
                .until(() -> !started.isAlive() || listens());
        Wanted.that(started.isAlive(), "podman does not run on this machine: " + log());
    }

    private boolean listens() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Kills the service; its containers run on. */
    void kill() throws InterruptedException {
        Process running = service;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }

    /** Lets the service hang: it takes connections and answers nothing. */
    void hold() throws Exception {
        signal("-STOP");
    }

    void release() throws Exception {
        signal("-CONT");
    }

    private void signal(String signal) throws Exception {
        Process running = service;
        assertThat(running).isNotNull();
        new ProcessBuilder("kill", signal, Long.toString(running.pid())).start().waitFor();
    }

    /** A root file system of busybox alone. */
    private void importImage() throws Exception {
        Path root = dir.resolve("rootfs");
        for (String folder : List.of("bin", "etc", "tmp", "proc", "sys", "dev", "root", "var")) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.writeString(root.resolve("etc/passwd"),
                "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:n:/:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nnobody:x:65534:\n");
        Path busybox = Stream.of("/bin/busybox", "/usr/bin/busybox").map(Path::of).filter(Files::exists)
                .findFirst().orElseThrow();
        Files.copy(busybox, root.resolve("bin/busybox"));
        Process list = new ProcessBuilder(busybox.toString(), "--list").start();
        for (String name : new String(list.getInputStream().readAllBytes()).split("\n")) {
            if (!name.isBlank() && !name.equals("busybox")) {
                Files.createSymbolicLink(root.resolve("bin").resolve(name), Path.of("busybox"));
            }
        }
        if (!Files.exists(root.resolve("bin/printenv"))) {
            // Debian's busybox has none
            Path printenv = Files.writeString(
                    root.resolve("bin/printenv"), "#!/bin/sh\neval \"printf '%s\\n' \\\"\\$$1\\\"\"\n");
            assertThat(printenv.toFile().setExecutable(true, false)).isTrue();
        }
        Path tar = dir.resolve("rootfs.tar");
        assertThat(new ProcessBuilder("tar", "-C", root.toString(), "-cf", tar.toString(), ".").start().waitFor())
                .isZero();
        Process imported = command("import", "--change", "CMD [\"sh\"]", tar.toString(), IMAGE).start();
        assertThat(imported.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)).as(log()).isTrue();
        Wanted.that(imported.exitValue() == 0, "podman does not run on this machine: " + log());
    }

    private String log() {
        try {
            return Files.readString(dir.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws Exception {
        kill();
        Process cleared = command("rm", "--all", "--force", "--time=0").start();
        cleared.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS);
        // What watched over further programs stays for some minutes, to be asked how they ended.
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(dir + "/"))
                .forEach(ProcessHandle::destroyForcibly);
        namespace.destroyForcibly().waitFor();
        new ProcessBuilder("umount", "-R", "-q", dir.resolve("root").resolve("vfs").toString()).start().waitFor();
        try (Stream<Path> all = Files.walk(dir)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
    }
}
