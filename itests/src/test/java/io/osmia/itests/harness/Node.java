package io.osmia.itests.harness;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.osmia.wire.osmia.GetManagerStatusRequest;
import io.osmia.wire.osmia.ManagerStateGrpc;
import io.osmia.wire.osmia.ManagerStatus;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One node as a process of its own, with its state directory. */
public final class Node implements AutoCloseable {

    /** Kept: the level would be forgotten with the logger. Unix sockets know no keep-alive, and netty says so each time. */
    private static final Logger NETTY = Logger.getLogger("io.netty");

    static {
        NETTY.setLevel(Level.SEVERE);
    }

    public static final Duration START_BOUND = Duration.ofSeconds(60);

    /** For what takes a moment on an idle machine: tasks that start and end, what follows in a log or on a disk. */
    public static final Duration SOON = Duration.ofMinutes(2);

    private static final String LISTEN = "--listen-remote-api";

    private final Path stateDir;
    private final List<String> flags;
    private final Map<String, String> environment = new TreeMap<>();
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ManagedChannel channel;
    private @Nullable Process process;

    /** A node whose processes are allowed and whose port is a free one. */
    public Node(Path stateDir, String... more) {
        this.stateDir = stateDir;
        this.flags =
                new ArrayList<>(List.of("node", "--state-dir", stateDir.toString(), "--allow-host-processes"));
        if (!List.of(more).contains(LISTEN)) {
            flags.addAll(List.of(LISTEN, "127.0.0.1:0"));
        }
        flags.addAll(List.of(more));
        NodeLogs.follow(this);
        this.channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket()))
                .eventLoopGroup(loop)
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .overrideAuthority("localhost")
                .usePlaintext()
                .build();
    }

    public Path stateDir() {
        return stateDir;
    }

    public Path socket() {
        return stateDir.resolve("osmia.sock");
    }

    /** Host and port of the remote API, while it runs. */
    public String remoteAddress() throws IOException {
        return Files.readAllLines(stateDir.resolve("addresses")).stream()
                .filter(line -> line.startsWith("remote="))
                .map(line -> line.substring("remote=".length()))
                .findFirst()
                .orElseThrow();
    }

    /** The id in its certificate; empty until it has one. */
    public Optional<String> id() {
        return certificate().map(leaf -> Names.of(leaf, "CN"));
    }

    /** The role in its certificate, swarm-manager or swarm-worker. */
    public Optional<String> role() {
        return certificate().map(leaf -> Names.of(leaf, "OU"));
    }

    /** The certificate on its disk. */
    public Optional<X509Certificate> certificate() {
        try (InputStream in = Files.newInputStream(stateDir.resolve("certificates/swarm-node.crt"))) {
            return Optional.of((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
        } catch (IOException | CertificateException e) {
            return Optional.empty();
        }
    }

    /** A variable for the processes that are started from now on. */
    public Node environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public Node withoutEnvironment(String name) {
        environment.remove(name);
        return this;
    }

    /** Another flag for the processes that are started from now on. */
    public Node flag(String... words) {
        flags.addAll(List.of(words));
        return this;
    }

    /** Undoes {@link #flag}. */
    public Node withoutFlag(String... words) {
        int at = Collections.indexOfSubList(flags, List.of(words));
        if (at < 0) {
            throw new IllegalArgumentException("not among the flags: " + List.of(words));
        }
        flags.subList(at, at + words.length).clear();
        return this;
    }

    public Path log() {
        return stateDir.resolveSibling(stateDir.getFileName() + ".log");
    }

    public ManagedChannel channel() {
        return channel;
    }

    public ControlGrpc.ControlBlockingStub control() {
        return ControlGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    /** Calls whose reads are never older than what was acknowledged before, wherever. */
    public ControlGrpc.ControlBlockingStub linearizable() {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("osmia-read", Metadata.ASCII_STRING_MARSHALLER), "linearizable");
        return control().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** What this manager knows of its own copy of the state. */
    public ManagerStatus managerStatus() {
        return ManagerStateGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getManagerStatus(GetManagerStatusRequest.getDefaultInstance())
                .getStatus();
    }

    /** Starts the process and does not wait. */
    public Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(Distribution.launcher()));
        command.addAll(flags);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().putAll(environment);
        Process started = builder.start();
        process = started;
        return started;
    }

    /** Starts the process and waits until the node is READY and answers. */
    public Node start() throws IOException {
        return start(Node::awaitReady);
    }

    /** Starts the process and waits as it is told, for a node that does not answer itself. One that fails is closed. */
    public Node start(Consumer<Node> ready) throws IOException {
        try {
            launch();
            ready.accept(this);
            return this;
        } catch (IOException | RuntimeException | Error e) {
            Closing.after(e, this);
            throw e;
        }
    }

    private void awaitReady() {
        Awaitility.await("node in " + stateDir + " is ready; its log is " + log())
                .atMost(START_BOUND)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    if (!isAlive()) {
                        throw new AssertionError("node ended with " + process().exitValue() + ":\n" + logText());
                    }
                    return isReady();
                });
    }

    private boolean isReady() {
        try {
            channel.resetConnectBackoff();
            return control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                    .anyMatch(node -> node.getStatus().getState() == NodeStatus.State.READY);
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    public Process process() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    /** The hard way: {@code kill -9}. */
    public void kill() throws InterruptedException {
        process().destroyForcibly();
        if (!process().waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("node does not die");
        }
    }

    /** Stops every thread of the process at once, until {@link #thaw}. */
    public void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    public void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Distribution.Result result = Distribution.run(Map.of(), List.of("kill", "-" + name, process().pid() + ""));
        if (result.code() != 0) {
            throw new AssertionError(result.err());
        }
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Waits for a process that is expected to end by itself; returns its exit code. */
    public int awaitEnd(Duration bound) throws IOException, InterruptedException {
        if (!process().waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("node still runs after " + bound + ":\n" + logText());
        }
        return process().exitValue();
    }

    /** {@code kill -TERM}; returns the exit code. */
    public int terminate() throws InterruptedException {
        process().destroy();
        if (!process().waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("node does not stop");
        }
        return process().exitValue();
    }

    public Distribution.Result cli(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("--socket", socket().toString()));
        all.addAll(List.of(words));
        return Distribution.osmia(all.toArray(String[]::new));
    }

    public List<Task> tasks() {
        return control().listTasks(ListTasksRequest.getDefaultInstance()).getTasksList();
    }

    /** Tasks that should run and do. */
    public List<Task> running() {
        return tasks().stream()
                .filter(task -> task.getDesiredState() == TaskState.RUNNING
                        && task.getStatus().getState() == TaskState.RUNNING)
                .toList();
    }

    public void awaitRunning(int count, Duration bound) {
        Awaitility.await(count + " tasks run; the log is " + log())
                .atMost(bound)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> running().size() == count);
    }

    public String logText() throws IOException {
        return Files.exists(log()) ? Files.readString(log()) : "";
    }

    /** Waits until its log says so, since whenever. */
    public void awaitLog(String text) {
        Awaitility.await("'" + text + "' in " + log())
                .atMost(SOON)
                .until(() -> logText().contains(text));
    }

    /** Ends the node and every process of its tasks. */
    @Override
    public void close() throws Exception {
        channel.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        try {
            if (process != null) {
                kill(); // a process that is frozen dies of that, too
            }
        } finally {
            HostProcesses.killAll(stateDir);
        }
    }
}
