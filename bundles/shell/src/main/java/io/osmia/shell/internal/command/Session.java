package io.osmia.shell.internal.command;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.stub.AbstractStub;
import io.osmia.shell.NotReachable;
import io.osmia.shell.Surroundings;
import io.osmia.shell.internal.connect.SocketPath;
import io.osmia.wire.osmia.ManagerStateGrpc;
import io.osmia.wire.osmia.ManagersGrpc;
import io.osmia.wire.osmia.NodePluginsGrpc;
import io.osmia.wire.osmia.NodesGrpc;
import io.osmia.wire.osmia.PluginsGrpc;
import io.osmia.wire.osmia.ShellsGrpc;
import io.osmia.wire.osmia.TaskLogsGrpc;
import io.osmia.wire.swarmkit.CAGrpc;
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
    private static final Duration PLUGIN_BOUND = Duration.ofMinutes(2);
    private static final Duration BACKUP_BOUND = Duration.ofMinutes(10);

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

    /** The socket that is meant, or that of the usual state directory. */
    public Path socket() {
        return SocketPath.chosen(options.socket(), surroundings.environment());
    }

    public ControlGrpc.ControlBlockingStub control() throws NotReachable {
        return bounded(ControlGrpc.newBlockingStub(channel()));
    }

    /** Reads see all that was acknowledged before, whatever the options say. */
    public ControlGrpc.ControlBlockingStub upToDateControl() throws NotReachable {
        return control().withInterceptors(Reads.linearizable());
    }

    /** As {@link #upToDateControl()}: what was just changed is there. */
    public CAGrpc.CABlockingStub upToDateCa() throws NotReachable {
        return bounded(CAGrpc.newBlockingStub(channel())).withInterceptors(Reads.linearizable());
    }

    public PluginsGrpc.PluginsBlockingStub plugins() throws NotReachable {
        return bounded(PluginsGrpc.newBlockingStub(channel()));
    }

    /** With time for a plugin that does not start. */
    public PluginsGrpc.PluginsBlockingStub pluginChanges() throws NotReachable {
        return PluginsGrpc.newBlockingStub(channel()).withDeadlineAfter(PLUGIN_BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    /** The same, for a jar. */
    public PluginsGrpc.PluginsStub pluginUploads() throws NotReachable {
        return PluginsGrpc.newStub(channel()).withDeadlineAfter(PLUGIN_BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    /** The same, for any node of the cluster. */
    public NodePluginsGrpc.NodePluginsStub nodePlugins() throws NotReachable {
        return NodePluginsGrpc.newStub(channel()).withDeadlineAfter(PLUGIN_BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    public ManagersGrpc.ManagersBlockingStub managers() throws NotReachable {
        return bounded(ManagersGrpc.newBlockingStub(channel()));
    }

    public ManagerStateGrpc.ManagerStateBlockingStub managerState() throws NotReachable {
        return bounded(ManagerStateGrpc.newBlockingStub(channel()));
    }

    /** With time for a state of some size. */
    public ManagerStateGrpc.ManagerStateBlockingStub backups() throws NotReachable {
        return ManagerStateGrpc.newBlockingStub(channel())
                .withDeadlineAfter(BACKUP_BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    public NodesGrpc.NodesBlockingStub nodes() throws NotReachable {
        return bounded(NodesGrpc.newBlockingStub(channel()));
    }

    /** Without deadline: output may be followed for days. */
    public TaskLogsGrpc.TaskLogsBlockingStub logs() throws NotReachable {
        return TaskLogsGrpc.newBlockingStub(channel());
    }

    /** Without deadline: somebody sits there. */
    public ShellsGrpc.ShellsStub shells() throws NotReachable {
        return ShellsGrpc.newStub(channel());
    }

    private static <S extends AbstractStub<S>> S bounded(S stub) {
        return stub.withDeadlineAfter(CALL_BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    private Channel channel() throws NotReachable {
        Channel open = channel;
        if (open == null) {
            open = surroundings.connector().connect(options.place(surroundings.environment()));
            if (options.linearizable()) {
                open = ClientInterceptors.intercept(open, Reads.linearizable());
            }
            channel = open;
        }
        return open;
    }
}
