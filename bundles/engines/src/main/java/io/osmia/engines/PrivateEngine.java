package io.osmia.engines;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A container engine of our own, with its own folders, socket and network namespace: it touches no device and no firewall of
 * the machine. Its containers outlive it. It can be stopped, killed, held and started again; by one thread at a time.
 */
public abstract sealed class PrivateEngine implements AutoCloseable permits PrivateDocker, PrivatePodman {

    static final Duration BOUND = Duration.ofSeconds(60);

    private static final byte[] NOTHING = new byte[0];

    private final Path dir;
    private final Process namespace;
    private @Nullable Process process;

    /** @param prefix of the name of its folder; short, for sockets deep below must fit into 107 bytes */
    PrivateEngine(String prefix) throws IOException {
        this.dir = Files.createTempDirectory(prefix);
        this.namespace =
                new ProcessBuilder("unshare", "--net", "sh", "-c", "ip link set lo up; echo up; exec sleep 100000")
                        .redirectErrorStream(true)
                        .start();
        // Before that its namespace may still be the machine's.
        @Nullable String word = namespace.inputReader().readLine();
        if (!"up".equals(word)) {
            namespace.destroyForcibly();
            throw new IOException("no network namespace of its own: " + word);
        }
    }

    /** The name of the image with busybox, which it holds already. */
    public abstract String image();

    public abstract Path socket();

    /** Starts it, the first time or again, and waits until it answers. */
    public abstract void run() throws Exception;

    /** Its folder. */
    final Path dir() {
        return dir;
    }

    /** Of a program in the engine's own network. */
    final List<String> inNamespace(String... words) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=/proc/" + namespace.pid() + "/ns/net"));
        command.addAll(List.of(words));
        return command;
    }

    final Process started(Process engine) {
        process = engine;
        return engine;
    }

    /** What it answers to a GET at that path. */
    public final String get(String path) throws IOException {
        return call("GET", path);
    }

    /** What it answers to a POST of that document. */
    public final String post(String path, String json) throws IOException {
        return call("POST", path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    public final void delete(String path) throws IOException {
        call("DELETE", path);
    }

    final String call(String method, String path, String type, byte[] body) throws IOException {
        UnixHttp.Answer answer = UnixHttp.call(socket(), method, path, type, body);
        if (answer.status() >= 300) {
            throw new IOException(method + " " + path + ": " + answer.status() + " " + answer.body());
        }
        return answer.body();
    }

    private String call(String method, String path) throws IOException {
        return call(method, path, "application/json", NOTHING);
    }

    final boolean answers(String path) {
        try {
            return !get(path).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    final boolean listens() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket()));
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends it in order; its containers run on. */
    public final void stop() throws InterruptedException {
        end(running());
    }

    /** Kills it; its containers run on. */
    public final void kill() throws InterruptedException {
        if (!running().destroyForcibly().waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("process " + running().pid() + " does not die");
        }
    }

    /** It goes on to exist and answers nobody. */
    public final void hold() throws IOException, InterruptedException {
        signal("STOP");
    }

    public final void release() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(running().pid())).start().waitFor();
    }

    final boolean everRan() {
        return process != null;
    }

    final Process running() {
        if (process == null) {
            throw new IllegalStateException("it was not started");
        }
        return process;
    }

    static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("process " + process.pid() + " does not end");
        }
    }

    final ProcessBuilder.Redirect toLog() {
        return ProcessBuilder.Redirect.appendTo(dir.resolve("log").toFile());
    }

    /** What it and its programs said. */
    final String log() {
        try {
            return Files.readString(dir.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Ends the engine and removes its containers. */
    abstract void clear() throws Exception;

    /** Ends it with all its containers, and removes every trace of it. */
    @Override
    public final void close() throws Exception {
        try {
            clear();
        } finally {
            namespace.destroyForcibly().waitFor();
            unmount();
            delete();
        }
    }

    /** What it has mounted onto itself would be in the way. */
    private void unmount() throws IOException, InterruptedException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            String mounted = line.split(" ", -1)[1];
            if (mounted.startsWith(dir + "/")) {
                new ProcessBuilder("umount", "-l", mounted).start().waitFor();
            }
        }
    }

    /** Something of it may just be vanishing by itself, while it is looked for or removed. */
    private void delete() throws IOException {
        Files.walkFileTree(dir, new SimpleFileVisitor<>() {

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                return removed(file);
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                return e instanceof NoSuchFileException
                        ? FileVisitResult.CONTINUE
                        : super.visitFileFailed(file, e);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                return e == null || e instanceof NoSuchFileException
                        ? removed(folder)
                        : super.postVisitDirectory(folder, e);
            }

            private FileVisitResult removed(Path path) {
                path.toFile().delete();
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
