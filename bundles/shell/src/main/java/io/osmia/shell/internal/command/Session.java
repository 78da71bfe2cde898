package io.osmia.shell.internal.command;

import io.grpc.Channel;
import io.osmia.shell.NotReachable;
import io.osmia.shell.Surroundings;
import io.osmia.shell.internal.connect.SocketPath;
import io.osmia.wire.osmia.PluginsGrpc;
import io.osmia.wire.osmia.TaskLogsGrpc;
import io.osmia.wire.swarmkit.ControlGrpc;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One command's connection to a node, opened at its first call. Not for several threads. */
public final class Session {

    private static final Duration CALL_BOUND = Duration.ofSeconds(30);

    private final Surroundings surroundings;
    private final GlobalOptions options;
    private @Nullable Channel channel;

    Session(Surroundings surroundings, GlobalOptions options) {
        this.surroundings = surroundings;
        this.options = options;
    }

    /** A session with the node at another socket, otherwise the same. */
    public Session at(Path socket) {
        return new Session(surroundings, options.at(socket));
    }

    public Surroundings surroundings() {
        return surroundings;
    }

    public PrintStream out() {
        return surroundings.out();
    }

    public PrintStream err() {
        return surroundings.err();
    }

    public Instant now() {
        return surroundings.clock().instant();
    }

    /** Whether names are to be shown where there are some, rather than ids. */
    public boolean showsNames() {
        return !options.noResolve();
    }

    public Path socket() {
        return SocketPath.chosen(options.socket(), surroundings.environment());
    }

    public ControlGrpc.ControlBlockingStub control() throws NotReachable {
        return ControlGrpc.newBlockingStub(channel()).withDeadlineAfter(CALL_BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    public PluginsGrpc.PluginsBlockingStub plugins() throws NotReachable {
        return PluginsGrpc.newBlockingStub(channel()).withDeadlineAfter(CALL_BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    /** Without deadline: output may be followed for days. */
    public TaskLogsGrpc.TaskLogsBlockingStub logs() throws NotReachable {
        return TaskLogsGrpc.newBlockingStub(channel());
    }

    private Channel channel() throws NotReachable {
        Channel open = channel;
        if (open == null) {
            open = surroundings.connector().connect(socket(), options.tls());
            channel = open;
        }
        return open;
    }
}
