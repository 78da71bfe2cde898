package io.osmia.ca.internal.server;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.osmia.wire.swarmkit.IssuanceStatus;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeCertificateStatusResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A call that asks for the outcome of a node's request; answered once, by any thread. */
final class StatusCall {

    private final String nodeId;
    private final StreamObserver<NodeCertificateStatusResponse> caller;
    private final Consumer<StatusCall> ended;
    private final AtomicBoolean over = new AtomicBoolean();

    /** @param ended told once, before the answer goes out, also when the client has gone */
    StatusCall(String nodeId, StreamObserver<NodeCertificateStatusResponse> caller, Consumer<StatusCall> ended) {
        this.nodeId = nodeId;
        this.caller = caller;
        this.ended = ended;
    }

    String nodeId() {
        return nodeId;
    }

    /** Whether no outcome is to be expected any more for this state (rule 7.7.6). */
    static boolean isFinal(Node node) {
        return switch (node.getCertificate().getStatus().getState()) {
            case ISSUED, FAILED, ROTATE -> true;
            default -> false;
        };
    }

    void answer(Node node) {
        if (end()) {
            IssuanceStatus status = node.getCertificate().getStatus();
            caller.onNext(NodeCertificateStatusResponse.newBuilder()
                    .setStatus(status)
                    .setCertificate(node.getCertificate())
                    .build());
            caller.onCompleted();
        }
    }

    void refuse(StatusRuntimeException refusal) {
        if (end()) {
            caller.onError(refusal);
        }
    }

    /** The client has gone; nothing is sent any more. */
    void forget() {
        end();
    }

    private boolean end() {
        boolean first = over.compareAndSet(false, true);
        if (first) {
            ended.accept(this);
        }
        return first;
    }
}
