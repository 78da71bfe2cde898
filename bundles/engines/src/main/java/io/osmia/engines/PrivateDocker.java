package io.osmia.engines;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A Docker Engine of our own, with live-restore. */
public final class PrivateDocker extends PrivateEngine {

    public static final String IMAGE = "osmia/test:1";

    private static final Pattern ID = Pattern.compile("\"Id\":\"([0-9a-f]{64})\"");

    private PrivateDocker() throws IOException {
        super("oe");
    }

    public static PrivateDocker start() throws Exception {
        Wanted.root();
        Wanted.command("dockerd", "docker.io");
        Wanted.command("busybox", "busybox-static");
        Wanted.command("ip", "iproute2");
        PrivateDocker engine = new PrivateDocker();
        try {
            engine.run();
            engine.importImage();
            return engine;
        } catch (Exception | Error e) {
            engine.close();
            throw e;
        }
    }

    @Override
    public String image() {
        return IMAGE;
    }

    @Override
    public Path socket() {
        return dir().resolve("docker.sock");
    }

    public URI host() {
        return URI.create("unix://" + socket());
    }

    @Override
    public void run() throws Exception {
        forgetContainerd();
        Files.writeString(dir().resolve("daemon.json"), "{}");
        List<String> command = inNamespace(
                "dockerd",
                "--config-file=" + dir().resolve("daemon.json"),
                "--data-root=" + dir().resolve("data"),
                "--exec-root=" + dir().resolve("x"),
                "--host=" + host(),
                "--pidfile=" + dir().resolve("pid"),
                "--storage-driver=vfs",
                "--live-restore",
                "--iptables=false",
                "--ip6tables=false",
                "--ip-forward=false",
                "--ip-masq=false");
        Process dockerd =
                started(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(toLog()).start());
        Awaitility.await("dockerd answers")
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !dockerd.isAlive() || answers("/_ping"));
        if (!dockerd.isAlive()) {
            throw new AssertionError("dockerd ended: " + log().lines().toList().getLast());
        }
    }

    /** Its containerd ends with it; where nobody reaps it, the next dockerd would wait for it. */
    private void forgetContainerd() throws IOException {
        Path file = dir().resolve("x/containerd/containerd.pid");
        if (Files.exists(file)) {
            if (hasEnded(Path.of("/proc", Files.readString(file).strip(), "status"))) {
                Files.delete(file);
            }
        }
    }

    private static boolean hasEnded(Path status) {
        try {
            return Files.readString(status).contains("State:\tZ");
        } catch (IOException gone) {
            return true; // there is no such file, or there was one when it was opened
        }
    }

    private void importImage() throws IOException, InterruptedException {
        Path archive = BusyboxRoot.archive(dir().resolve("root"));
        call(
                "POST", "/images/create?fromSrc=-&repo=osmia/test&tag=1", "application/x-tar",
                Files.readAllBytes(archive));
    }

    @Override
    void clear() throws Exception {
        if (everRan()) {
            if (!running().isAlive()) {
                run();
            }
            release();
            List<String> ids =
                    ID.matcher(get("/containers/json?all=1")).results().map(found -> found.group(1)).toList();
            for (String id : ids) {
                remove(id);
            }
            end(running());
        }
    }

    private void remove(String id) {
        try {
            delete("/containers/" + id + "?force=1&v=1");
        } catch (IOException e) {
            // It is gone, or being removed, already.
        }
    }
}
