package io.osmia.shell;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.osmia.shell.internal.connect.Connections;
import io.osmia.wire.osmia.InstallPluginRequest;
import io.osmia.wire.osmia.ListPluginsRequest;
import io.osmia.wire.osmia.ListPluginsResponse;
import io.osmia.wire.osmia.LogLine;
import io.osmia.wire.osmia.Plugin;
import io.osmia.wire.osmia.PluginChange;
import io.osmia.wire.osmia.PluginsGrpc;
import io.osmia.wire.osmia.ReadLogsRequest;
import io.osmia.wire.osmia.RemovePluginRequest;
import io.osmia.wire.osmia.RollbackPluginRequest;
import io.osmia.wire.osmia.TaskLogsGrpc;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The command line against a fake node, with a clock that only pauses move. */
final class Cli implements AutoCloseable {

    /** What a command left behind. */
    record Result(int code, String out, String err) {}

    static {
        // Before netty loads: it warns at each connection that unix sockets have no keep-alive.
        System.setProperty("org.slf4j.simpleLogger.log.io.netty.bootstrap", "error");
    }

    /** Seconds since the epoch when the test begins. */
    static final long NOW = 1_800_000_000L;

    final FakeControl control = new FakeControl();
    final FakeManager manager = new FakeManager();
    final FakeNodePlugins nodePlugins = new FakeNodePlugins();
    /** What each call said about how fresh its answer must be; empty for nothing. */
    final List<String> reads = new CopyOnWriteArrayList<>();
    final List<Plugin> plugins = new CopyOnWriteArrayList<>();
    /** What was asked of plugins: requests, and how many bytes were sent. */
    final List<Object> asked = new CopyOnWriteArrayList<>();
    volatile PluginChange change = PluginChange.getDefaultInstance();
    volatile String refusal = "";
    final List<LogLine> lines = new CopyOnWriteArrayList<>();
    final List<ReadLogsRequest> logRequests = new CopyOnWriteArrayList<>();
    final Map<String, String> environment = new TreeMap<>();
    String home = "";
    String input = "";
    /** Happens at every pause of a command. */
    Runnable meanwhile = () -> {};

    private final Path folder;
    private final FakeNode node;
    private Instant now = Instant.ofEpochSecond(NOW);

    Cli() throws IOException {
        this(null);
    }

    Cli(javax.net.ssl.@Nullable KeyManagerFactory keys) throws IOException {
        // Not JUnit's folder: its path may be too long for a socket.
        this.folder = Files.createTempDirectory("osmia-cli");
        this.node = new FakeNode(
                socket(),
                keys,
                reads,
                Stream.concat(Stream.of(control, new FakePlugins(), nodePlugins, new FakeLogs()),
                        manager.services().stream())
                        .toList());
        environment.put("SWARM_SOCKET", socket().toString());
    }

    private final class FakePlugins extends PluginsGrpc.PluginsImplBase {
        @Override
        public StreamObserver<InstallPluginRequest> installPlugin(StreamObserver<PluginChange> observer) {
            return new StreamObserver<>() {
                private int bytes;

                @Override
                public void onNext(InstallPluginRequest part) {
                    bytes += part.getChunk().size();
                    if (part.hasInstall()) {
                        asked.add(part.getInstall());
                    }
                }

                @Override
                public void onError(Throwable cause) {
                    throw new AssertionError(cause);
                }

                @Override
                public void onCompleted() {
                    asked.add(bytes + " bytes");
                    answer(observer);
                }
            };
        }

        @Override
        public void rollbackPlugin(RollbackPluginRequest request, StreamObserver<PluginChange> observer) {
            asked.add(request);
            answer(observer);
        }

        @Override
        public void removePlugin(RemovePluginRequest request, StreamObserver<PluginChange> observer) {
            asked.add(request);
            answer(observer);
        }

        private void answer(StreamObserver<PluginChange> observer) {
            if (!refusal.isEmpty()) {
                observer.onError(Status.FAILED_PRECONDITION.withDescription(refusal).asException());
                return;
            }
            observer.onNext(change);
            observer.onCompleted();
        }

        @Override
        public void listPlugins(ListPluginsRequest request, StreamObserver<ListPluginsResponse> observer) {
            observer.onNext(
                    ListPluginsResponse.newBuilder().addAllPlugins(plugins).build());
            observer.onCompleted();
        }
    }

    private final class FakeLogs extends TaskLogsGrpc.TaskLogsImplBase {
        @Override
        public void readLogs(ReadLogsRequest request, StreamObserver<LogLine> observer) {
            logRequests.add(request);
            lines.forEach(observer::onNext);
            observer.onCompleted();
        }
    }

    Path folder() {
        return folder;
    }

    Path socket() {
        return folder.resolve("s");
    }

    Result run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (Connections connector = new Connections()) {
            Surroundings surroundings = new Surroundings(
                    new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    environment,
                    home,
                    () -> now,
                    this::pause,
                    connector);
            int code = new Shell(surroundings).run(words);
            return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }
    }

    private void pause(Duration time) {
        now = now.plus(time);
        meanwhile.run();
    }

    Instant now() {
        return now;
    }

    @Override
    public void close() throws InterruptedException, IOException {
        node.close();
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
