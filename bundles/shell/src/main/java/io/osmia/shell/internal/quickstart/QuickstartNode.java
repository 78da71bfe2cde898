package io.osmia.shell.internal.quickstart;

import io.grpc.StatusRuntimeException;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.NodeStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The node in the background. */
final class QuickstartNode {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration START_BOUND = Duration.ofSeconds(90);

    private final Session session;
    private final Folder folder;

    /** {@code session}: one with this node's socket. */
    QuickstartNode(Session session, Folder folder) {
        this.session = session;
        this.folder = folder;
    }

    Optional<HostProcess> running() throws IOException {
        return folder.node().filter(HostProcess::isAlive);
    }

    /** Starts it in a session of its own, so that it stays when the terminal goes. */
    HostProcess start(Path launcher) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                "setsid",
                launcher.toString(),
                "node",
                "--state-dir",
                folder.dir().toString(),
                "--listen-remote-api",
                "127.0.0.1:0",
                "--allow-host-processes"))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()))
                .redirectErrorStream(true);
        // They are meant for another node of this user.
        builder.environment().keySet().removeAll(Set.of("OSMIA_JOIN_TOKEN", "OSMIA_UNLOCK_KEY"));
        // setsid and the launcher become the node: the process id stays the same.
        long pid = builder.start().pid();
        HostProcess node = HostProcess.of(pid).orElseGet(() -> new HostProcess(pid, 0));
        folder.remember(node);
        return node;
    }

    /** Waits until the node takes tasks; fails with the last words of its log if it ends instead. */
    void awaitReady(HostProcess node, NodeLog log) throws IOException {
        Instant end = session.now().plus(START_BOUND);
        while (!isReady()) {
            if (!node.isAlive()) {
                throw Failure.refused("the node ended: " + log.lastError() + " (its log: " + log.file() + ")");
            }
            if (!session.now().isBefore(end)) {
                throw Failure.refused("the node is not ready after " + START_BOUND.toSeconds() + " s; its log: "
                        + log.file()
                        + "; wait for it with 'osmia quickstart' or end it with 'osmia quickstart --stop'");
            }
            session.surroundings().pause().accept(POLL);
        }
    }

    private boolean isReady() {
        try {
            return session.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                    .anyMatch(node -> node.getStatus().getState() == NodeStatus.State.READY);
        } catch (NotReachable | StatusRuntimeException e) {
            // not yet
            return false;
        }
    }
}
