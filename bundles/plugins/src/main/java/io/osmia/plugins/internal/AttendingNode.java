package io.osmia.plugins.internal;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.osmia.wire.osmia.PluginOrder;
import io.osmia.wire.osmia.PluginReport;
import io.osmia.wire.osmia.PluginRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node that takes orders, as the leader sees it: its call, and the orders that it has not answered. */
final class AttendingNode {

    /** Who waits for the answer to an order. */
    interface Waiting {

        void answered(PluginReport report);

        /** The node takes the next message. Called after its call could take none. */
        void ready();

        /** No answer will come. */
        void failed(Status why);
    }

    private final String id;
    private final ServerCallStreamObserver<PluginOrder> call;
    // guarded by this
    private final Map<Long, Waiting> waiting = new HashMap<>();
    private long last;
    private @Nullable Boolean rules;
    private boolean gone;

    AttendingNode(String id, ServerCallStreamObserver<PluginOrder> call) {
        this.id = id;
        this.call = call;
        call.setOnReadyHandler(this::ready);
    }

    String id() {
        return id;
    }

    void whenGone(Runnable action) {
        call.setOnCancelHandler(action);
    }

    /** Tells what the cluster demands, unless that is what was told last. */
    synchronized void rules(boolean signed) {
        if (!Boolean.valueOf(signed).equals(rules)) {
            rules = signed;
            send(PluginOrder.newBuilder()
                    .setRules(PluginRules.newBuilder().setSigned(signed))
                    .build());
        }
    }

    /** A number for a new order; 0 when the node has gone. */
    synchronized long begin(Waiting order) {
        if (gone) {
            return 0;
        }
        waiting.put(++last, order);
        return last;
    }

    synchronized void send(PluginOrder part) {
        if (!gone && !call.isCancelled()) {
            call.onNext(part);
        }
    }

    /** Whether what was sent is on its way. */
    boolean isReady() {
        return call.isReady();
    }

    /** Its answer does not matter any more. */
    synchronized void drop(long order) {
        if (waiting.remove(order) != null) {
            send(PluginOrder.newBuilder().setId(order).setDropped(true).build());
        }
    }

    void reported(PluginReport report) {
        Waiting order;
        synchronized (this) {
            order = waiting.remove(report.getId());
        }
        if (order != null) {
            order.answered(report);
        }
    }

    private void ready() {
        List<Waiting> all;
        synchronized (this) {
            all = List.copyOf(waiting.values());
        }
        all.forEach(Waiting::ready);
    }

    void gone() {
        fail(Status.ABORTED.withDescription("node " + id + " went away before it said what became of the order;"
                + " 'osmia plugin ls --node " + id + "' shows it when it is back"));
    }

    private void fail(Status why) {
        List<Waiting> all;
        synchronized (this) {
            gone = true;
            all = List.copyOf(waiting.values());
            waiting.clear();
        }
        all.forEach(order -> order.failed(why));
    }

    /** Ends the call. */
    void close(Status why) {
        boolean open;
        synchronized (this) {
            open = !gone && !call.isCancelled();
            gone = true;
        }
        if (open) {
            call.onError(why.asException());
        }
        fail(why);
    }
}
