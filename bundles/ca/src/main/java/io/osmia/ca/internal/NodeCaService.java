package io.osmia.ca.internal;

import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.osmia.roles.Leadership;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.IssuanceStatus;
import io.osmia.wire.swarmkit.IssueNodeCertificateRequest;
import io.osmia.wire.swarmkit.IssueNodeCertificateResponse;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeCAGrpc;
import io.osmia.wire.swarmkit.NodeCertificateStatusRequest;
import io.osmia.wire.swarmkit.NodeCertificateStatusResponse;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Certificates of other nodes: what is issued can be read (rule 7.7.6); new ones are not issued yet. */
@Component(service = BindableService.class)
public final class NodeCaService extends NodeCAGrpc.NodeCAImplBase {

    private final Store store;

    /** @param leadership only its presence counts: this service writes nothing */
    @Activate
    public NodeCaService(@Reference Store store, @Reference Leadership leadership) {
        this(store);
    }

    NodeCaService(Store store) {
        this.store = store;
    }

    @Override
    public void issueNodeCertificate(
            IssueNodeCertificateRequest request, StreamObserver<IssueNodeCertificateResponse> answer) {
        Status status = request.getCsr().isEmpty()
                ? Status.INVALID_ARGUMENT.withDescription("InvalidArgument")
                : Status.UNIMPLEMENTED.withDescription("NodeCA.IssueNodeCertificate is not supported yet");
        answer.onError(status.asRuntimeException());
    }

    @Override
    public void nodeCertificateStatus(
            NodeCertificateStatusRequest request, StreamObserver<NodeCertificateStatusResponse> answer) {
        if (request.getNodeId().isEmpty()) {
            answer.onError(
                    Status.INVALID_ARGUMENT.withDescription("InvalidArgument").asRuntimeException());
            return;
        }
        Node node = store.view().get(Table.NODES, request.getNodeId());
        if (node == null) {
            answer.onError(Status.NOT_FOUND.withDescription("NotFound").asRuntimeException());
            return;
        }
        IssuanceStatus status = node.getCertificate().getStatus();
        if (!isFinal(status)) {
            answer.onError(Status.UNIMPLEMENTED
                    .withDescription("NodeCA.NodeCertificateStatus of a pending certificate is not supported yet")
                    .asRuntimeException());
            return;
        }
        answer.onNext(NodeCertificateStatusResponse.newBuilder()
                .setStatus(status)
                .setCertificate(node.getCertificate())
                .build());
        answer.onCompleted();
    }

    private static boolean isFinal(IssuanceStatus status) {
        return switch (status.getState()) {
            case ISSUED, FAILED, ROTATE -> true;
            default -> false;
        };
    }
}
