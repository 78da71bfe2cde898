package io.osmia.shell;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.osmia.wire.osmia.ListPluginsResponse;
import io.osmia.wire.osmia.NodePluginsGrpc;
import io.osmia.wire.osmia.Plugin;
import io.osmia.wire.osmia.PluginChange;
import io.osmia.wire.osmia.PluginOrder;
import io.osmia.wire.osmia.PluginRefusal;
import io.osmia.wire.osmia.PluginReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The leader's way to the plugins of nodes that have one each. */
final class FakeNodePlugins extends NodePluginsGrpc.NodePluginsImplBase {

    /** By node id; a node that is not here is away. */
    final Map<String, Plugin> plugins = new ConcurrentHashMap<>();
    /** Why a node refuses to change anything. */
    final Map<String, String> refusals = new ConcurrentHashMap<>();
    /** What nodes were told to change, and how many bytes came with it. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    @Override
    public StreamObserver<PluginOrder> order(StreamObserver<PluginReport> giver) {
        return new StreamObserver<>() {
            private final List<PluginOrder> parts = new ArrayList<>();

            @Override
            public void onNext(PluginOrder part) {
                parts.add(part);
            }

            @Override
            public void onError(Throwable cause) {
                throw new AssertionError(cause);
            }

            @Override
            public void onCompleted() {
                String node = parts.getFirst().getNodeId();
                if (plugins.containsKey(node)) {
                    giver.onNext(report(node, parts));
                    giver.onCompleted();
                } else {
                    giver.onError(Status.FAILED_PRECONDITION
                            .withDescription("node " + node + " is away")
                            .asException());
                }
            }
        };
    }

    private PluginReport report(String node, List<PluginOrder> parts) {
        PluginOrder order = parts.getFirst();
        Plugin here = plugins.get(node);
        if (order.hasList()) {
            return PluginReport.newBuilder()
                    .setList(ListPluginsResponse.newBuilder().addPlugins(here))
                    .build();
        }
        int bytes = parts.stream().mapToInt(part -> part.getInstall().getChunk().size()).sum();
        boolean dryRun = order.getInstall().getInstall().getDryRun() || order.getRollback().getDryRun();
        asked.add(node + " " + order.getOrderCase() + (dryRun ? " dry" : "") + (bytes > 0 ? " " + bytes : ""));
        if (refusals.containsKey(node)) {
            return PluginReport.newBuilder()
                    .setRefusal(PluginRefusal.newBuilder()
                            .setCode(Status.Code.FAILED_PRECONDITION.value())
                            .setReason(refusals.get(node)))
                    .build();
        }
        return PluginReport.newBuilder()
                .setChange(PluginChange.newBuilder()
                        .setName(here.getName())
                        .setKind("executor")
                        .setFormerVersion(here.getVersion())
                        .setVersion(order.hasRemove() ? "" : "2.0.0")
                        .setDryRun(dryRun))
                .build();
    }
}
