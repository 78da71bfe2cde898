package io.osmia.plugins.internal;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.osmia.roles.Caller;
import io.osmia.wire.osmia.NodePluginsGrpc;
import io.osmia.wire.osmia.PluginOrder;
import io.osmia.wire.osmia.PluginReport;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes orders on to the nodes that attend. Of a jar no more is held here than the piece that is on its way. */
final class NodePlugins extends NodePluginsGrpc.NodePluginsImplBase implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodePlugins.class);

    private final BooleanSupplier signed;
    private final Duration coming;
    private final long gathered;
    // guarded by this
    private final Map<String, AttendingNode> nodes = new HashMap<>();
    private boolean closed;

    /**
     * @param signed whether the cluster demands signed plugins
     * @param gathering how long nodes may take to come to a new leader
     * @param coming how long one that has just registered may take
     */
    NodePlugins(BooleanSupplier signed, Duration gathering, Duration coming) {
        this.signed = signed;
        this.coming = coming;
        this.gathered = System.nanoTime() + gathering.toNanos();
    }

    /** Tells the nodes what the cluster demands, if they have heard otherwise. */
    void tellRules() {
        boolean now = signed.getAsBoolean();
        attending().forEach(node -> node.rules(now));
    }

    private synchronized List<AttendingNode> attending() {
        return List.copyOf(nodes.values());
    }

    @Override
    public StreamObserver<PluginReport> attend(StreamObserver<PluginOrder> orders) {
        AttendingNode node = new AttendingNode(
                Caller.current().nodeId(), (ServerCallStreamObserver<PluginOrder>) orders);
        node.whenGone(() -> left(node));
        come(node);
        return new StreamObserver<>() {
            @Override
            public void onNext(PluginReport report) {
                node.reported(report);
            }

            @Override
            public void onError(Throwable gone) {
                left(node);
            }

            @Override
            public void onCompleted() {
                left(node);
                orders.onCompleted();
            }
        };
    }

    private void come(AttendingNode node) {
        Optional<AttendingNode> former;
        synchronized (this) {
            if (closed) {
                node.close(leaderNoMore());
                return;
            }
            former = Optional.ofNullable(nodes.put(node.id(), node));
            notifyAll();
        }
        LOG.debug("node {} takes orders about its plugins", node.id());
        former.ifPresent(before -> before.close(Status.ABORTED.withDescription("the node has called again")));
        node.rules(signed.getAsBoolean());
    }

    private void left(AttendingNode node) {
        synchronized (this) {
            nodes.remove(node.id(), node);
        }
        node.gone();
    }

    @Override
    public StreamObserver<PluginOrder> order(StreamObserver<PluginReport> observer) {
        ServerCallStreamObserver<PluginReport> giver = (ServerCallStreamObserver<PluginReport>) observer;
        giver.disableAutoRequest();
        PassedOrder order = new PassedOrder(giver, this::find);
        giver.setOnCancelHandler(order::drop);
        giver.request(1);
        return order;
    }

    /** The node, if it attends, or does so in a moment; it knows then what the cluster demands. */
    private Optional<AttendingNode> find(String nodeId) {
        Optional<AttendingNode> found = await(nodeId);
        found.ifPresent(node -> node.rules(signed.getAsBoolean()));
        return found;
    }

    private synchronized Optional<AttendingNode> await(String nodeId) {
        long now = System.nanoTime();
        long end = Math.max(gathered - now, coming.toNanos()) + now;
        try {
            while (!closed && !nodes.containsKey(nodeId) && end - System.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.ofNullable(nodes.get(nodeId));
    }

    private static Status leaderNoMore() {
        return Status.UNAVAILABLE
                .withDescription("this manager does not lead any more; look what was done, then try again");
    }

    /** Nodes look for the next leader; orders that were not answered fail. */
    @Override
    public void close() {
        List<AttendingNode> last;
        synchronized (this) {
            closed = true;
            last = List.copyOf(nodes.values());
            nodes.clear();
            notifyAll();
        }
        last.forEach(node -> node.close(leaderNoMore()));
    }
}
