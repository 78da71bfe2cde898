package io.osmia.plugins.internal;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.osmia.wire.osmia.PluginOrder;
import io.osmia.wire.osmia.PluginReport;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An order on its way from who gives it to a node, message by message: the next is asked for when the node takes one, so that
 * nothing piles up between a fast giver and a slow node.
 */
final class PassedOrder implements StreamObserver<PluginOrder>, AttendingNode.Waiting {

    private final ServerCallStreamObserver<PluginReport> giver;
    private final Function<String, Optional<AttendingNode>> nodes;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final AtomicBoolean waits = new AtomicBoolean();
    private volatile @Nullable AttendingNode node;
    private volatile long id;

    /** @param nodes finds a node by its id; may take a moment */
    PassedOrder(ServerCallStreamObserver<PluginReport> giver, Function<String, Optional<AttendingNode>> nodes) {
        this.giver = giver;
        this.nodes = nodes;
    }

    @Override
    public void onNext(PluginOrder part) {
        AttendingNode to = node;
        if (to == null) {
            to = begin(part.getNodeId());
        }
        if (to != null && !answered.get()) {
            to.send(part.toBuilder().clearNodeId().setId(id).setLast(false).build());
            waits.set(true);
            if (to.isReady()) {
                ready();
            }
        }
    }

    private @Nullable AttendingNode begin(String nodeId) {
        Optional<AttendingNode> found = nodes.apply(nodeId);
        if (found.isPresent()) {
            id = found.get().begin(this);
        }
        if (id == 0) {
            failed(Status.FAILED_PRECONDITION.withDescription("node " + nodeId
                    + " is away: it has no connection to the leader, or runs something else than Osmia"));
            return null;
        }
        node = found.get();
        return node;
    }

    @Override
    public void ready() {
        if (waits.compareAndSet(true, false)) {
            giver.request(1);
        }
    }

    @Override
    public void onCompleted() {
        AttendingNode to = node;
        if (answered.get()) {
            return;
        }
        if (to != null) {
            to.send(PluginOrder.newBuilder().setId(id).setLast(true).build());
        } else {
            failed(Status.INVALID_ARGUMENT.withDescription("an order without a message"));
        }
    }

    @Override
    public void onError(Throwable gone) {
        drop();
    }

    /** Whoever gave it has gone. */
    void drop() {
        answered.set(true);
        AttendingNode to = node;
        if (to != null) {
            to.drop(id);
        }
    }

    @Override
    public void answered(PluginReport report) {
        if (answered.compareAndSet(false, true) && !giver.isCancelled()) {
            giver.onNext(report.toBuilder().clearId().build());
            giver.onCompleted();
        }
    }

    @Override
    public void failed(Status why) {
        if (answered.compareAndSet(false, true) && !giver.isCancelled()) {
            giver.onError(why.asException());
        }
    }
}
