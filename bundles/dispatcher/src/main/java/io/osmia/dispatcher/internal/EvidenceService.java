package io.osmia.dispatcher.internal;

import io.grpc.stub.StreamObserver;
import io.osmia.wire.osmia.ListEvidenceRequest;
import io.osmia.wire.osmia.ListEvidenceResponse;
import io.osmia.wire.osmia.NodesGrpc;

/** The gRPC side of the evidence: the dispatcher's loop holds it, and answers. */
final class EvidenceService extends NodesGrpc.NodesImplBase {

    private final Dispatching dispatching;
    private final DispatcherService door;

    EvidenceService(Dispatching dispatching, DispatcherService door) {
        this.dispatching = dispatching;
        this.door = door;
    }

    @Override
    public void listEvidence(ListEvidenceRequest request, StreamObserver<ListEvidenceResponse> observer) {
        door.answer(observer, () -> dispatching.evidence(request.getNodeIdsList(), observer));
    }
}
