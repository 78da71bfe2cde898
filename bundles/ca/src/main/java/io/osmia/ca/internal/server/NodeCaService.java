package io.osmia.ca.internal.server;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.osmia.roles.Caller;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.IssueNodeCertificateRequest;
import io.osmia.wire.swarmkit.IssueNodeCertificateResponse;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeCAGrpc;
import io.osmia.wire.swarmkit.NodeCertificateStatusRequest;
import io.osmia.wire.swarmkit.NodeCertificateStatusResponse;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** Certificates of nodes: asked for, and waited for (rules 7.7.3 to 7.7.6). What is asked for is signed elsewhere. */
final class NodeCaService extends NodeCAGrpc.NodeCAImplBase {

    private final Store store;
    private final long term;
    private final Enrollment enrollment;
    private final StatusCalls calls;
    private final Executor loop;
    private final Set<StatusCall> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /** @param loop runs what concerns the calls on the thread to which they belong */
    NodeCaService(Store store, long term, Enrollment enrollment, StatusCalls calls, Executor loop) {
        this.store = store;
        this.term = term;
        this.enrollment = enrollment;
        this.calls = calls;
        this.loop = loop;
    }

    @Override
    public void issueNodeCertificate(
            IssueNodeCertificateRequest request, StreamObserver<IssueNodeCertificateResponse> answer) {
        if (stopped) {
            answer.onError(Refusals.stopped());
            return;
        }
        Caller caller = Caller.current();
        store.submit(term, tx -> enrollment.enroll(tx, caller, request)).whenComplete((response, failure) -> {
            if (failure != null) {
                answer.onError(Refusals.of(failure));
                return;
            }
            answer.onNext(response);
            answer.onCompleted();
        });
    }

    @Override
    public void nodeCertificateStatus(
            NodeCertificateStatusRequest request, StreamObserver<NodeCertificateStatusResponse> answer) {
        StatusCall call = new StatusCall(request.getNodeId(), answer, open::remove);
        if (request.getNodeId().isEmpty()) {
            call.refuse(Refusals.invalidArgument());
            return;
        }
        Node node = store.view().get(Table.NODES, request.getNodeId());
        if (node == null) {
            call.refuse(Refusals.notFound());
        } else if (StatusCall.isFinal(node)) {
            call.answer(node);
        } else {
            hold(call, answer);
        }
    }

    private void hold(StatusCall call, StreamObserver<NodeCertificateStatusResponse> answer) {
        open.add(call);
        if (answer instanceof ServerCallStreamObserver<NodeCertificateStatusResponse> cancellable) {
            cancellable.setOnCancelHandler(() -> {
                call.forget();
                loop.execute(() -> calls.remove(call));
            });
        }
        loop.execute(() -> calls.add(call));
        if (stopped) {
            call.refuse(Refusals.stopped());
        }
    }

    /** Answers the calls that still wait; those that come later are refused. */
    void stop() {
        stopped = true;
        open.forEach(call -> call.refuse(Refusals.stopped()));
    }

    /** Calls held open. */
    int open() {
        return open.size();
    }
}
