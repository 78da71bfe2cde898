package io.osmia.shell.internal.plugin;

import io.grpc.Status;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Session;
import io.osmia.wire.osmia.InstallPluginRequest;
import io.osmia.wire.osmia.ListPluginsRequest;
import io.osmia.wire.osmia.NodePluginsGrpc;
import io.osmia.wire.osmia.Plugin;
import io.osmia.wire.osmia.PluginChange;
import io.osmia.wire.osmia.PluginInstall;
import io.osmia.wire.osmia.PluginOrder;
import io.osmia.wire.osmia.PluginReport;
import io.osmia.wire.osmia.RemovePluginRequest;
import io.osmia.wire.osmia.RollbackPluginRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Orders to nodes about their plugins, by way of the leader. A refusal of the node is thrown as it is by a call to it. */
final class NodeOrders {

    /** Answered from memory; a node that hangs must not keep a list of many from being printed. */
    private static final long LIST_SECONDS = 10;

    private final Session session;

    NodeOrders(Session session) {
        this.session = session;
    }

    /** The node's plugins; does not wait. */
    CompletableFuture<List<Plugin>> list(String nodeId) throws NotReachable {
        return give(
                stub().withDeadlineAfter(LIST_SECONDS, TimeUnit.SECONDS),
                PluginOrder.newBuilder().setNodeId(nodeId).setList(ListPluginsRequest.getDefaultInstance()))
                .thenApply(report -> answered(report).getList().getPluginsList());
    }

    PluginChange install(String nodeId, PluginInstall install, Path jar) throws NotReachable {
        Upload<PluginOrder, PluginReport> call = new Upload<>();
        stub().order(call);
        call.send(PluginOrder.newBuilder()
                .setNodeId(nodeId)
                .setInstall(InstallPluginRequest.newBuilder().setInstall(install))
                .build());
        call.send(jar, chunk -> PluginOrder.newBuilder()
                .setInstall(InstallPluginRequest.newBuilder().setChunk(chunk))
                .build());
        return answered(Upload.join(call.end())).getChange();
    }

    PluginChange rollback(String nodeId, RollbackPluginRequest request) throws NotReachable {
        return changed(PluginOrder.newBuilder().setNodeId(nodeId).setRollback(request));
    }

    PluginChange remove(String nodeId, RemovePluginRequest request) throws NotReachable {
        return changed(PluginOrder.newBuilder().setNodeId(nodeId).setRemove(request));
    }

    private PluginChange changed(PluginOrder.Builder order) throws NotReachable {
        return answered(Upload.join(give(stub(), order))).getChange();
    }

    private static CompletableFuture<PluginReport> give(
            NodePluginsGrpc.NodePluginsStub leader, PluginOrder.Builder order) {
        Upload<PluginOrder, PluginReport> call = new Upload<>();
        leader.order(call);
        call.send(order.build());
        return call.end();
    }

    private NodePluginsGrpc.NodePluginsStub stub() throws NotReachable {
        return session.nodePlugins();
    }

    private static PluginReport answered(PluginReport report) {
        if (report.hasRefusal()) {
            throw Status.fromCodeValue(report.getRefusal().getCode())
                    .withDescription(report.getRefusal().getReason())
                    .asRuntimeException();
        }
        return report;
    }
}
