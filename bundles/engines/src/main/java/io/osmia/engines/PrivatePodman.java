package io.osmia.engines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A Podman of our own. */
public final class PrivatePodman extends PrivateEngine {

    public static final String IMAGE = "localhost/osmia-test:1";

    private PrivatePodman() throws IOException {
        super("op");
    }

    public static PrivatePodman start() throws Exception {
        Wanted.root();
        Wanted.command("podman", "podman");
        Wanted.command("conmon", "conmon");
        Wanted.command("runc", "runc");
        Wanted.that(Files.isExecutable(Path.of("/usr/lib/podman/netavark")), "install the Debian package netavark");
        Wanted.command("busybox", "busybox-static");
        Wanted.command("iptables", "iptables");
        Wanted.command("ip", "iproute2");
        PrivatePodman podman = new PrivatePodman();
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
        Files.writeString(dir().resolve("containers.conf"), """
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
                """.formatted(Files.exists(init) ? "init_path = \"" + init + "\"" : "", dir().resolve("net")));
        Files.writeString(dir().resolve("storage.conf"), """
                [storage]
                driver = "vfs"
                graphroot = "%s"
                runroot = "%s"
                """.formatted(dir().resolve("root"), dir().resolve("run")));
    }

    @Override
    public String image() {
        return IMAGE;
    }

    @Override
    public Path socket() {
        return dir().resolve("sock");
    }

    private ProcessBuilder command(String... words) {
        List<String> command = new ArrayList<>(inNamespace(
                "podman",
                "--root=" + dir().resolve("root"),
                "--runroot=" + dir().resolve("run"),
                "--tmpdir=" + dir().resolve("tmp")));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(dir().toFile()).redirectErrorStream(true);
        builder.environment().put("CONTAINERS_CONF", dir().resolve("containers.conf").toString());
        builder.environment().put("CONTAINERS_STORAGE_CONF", dir().resolve("storage.conf").toString());
        return builder.redirectOutput(toLog());
    }

    @Override
    public void run() throws Exception {
        Files.deleteIfExists(socket());
        Process service = started(command("system", "service", "--time=0", "unix://" + socket()).start());
        Awaitility.await("podman listens").atMost(BOUND).pollInterval(Duration.ofMillis(20))
                .until(() -> !service.isAlive() || listens());
        Wanted.that(service.isAlive(), "podman does not run on this machine: " + log());
    }

    private void importImage() throws IOException, InterruptedException {
        Path tar = BusyboxRoot.archive(dir().resolve("rootfs"));
        Process imported = command("import", "--change", "CMD [\"sh\"]", tar.toString(), IMAGE).start();
        boolean ended = imported.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS);
        Wanted.that(ended && imported.exitValue() == 0, "podman does not run on this machine: " + log());
    }

    @Override
    void clear() throws Exception {
        if (everRan()) {
            kill();
        }
        Process cleared = command("rm", "--all", "--force", "--time=0").start();
        cleared.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS);
        // What watched over further programs stays for some minutes, to be asked how they ended.
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(dir() + "/"))
                .forEach(ProcessHandle::destroyForcibly);
    }
}
