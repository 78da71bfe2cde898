package io.osmia.shell;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.osmia.wire.osmia.BackupChunk;
import io.osmia.wire.osmia.BackupRequest;
import io.osmia.wire.osmia.GetManagerStatusRequest;
import io.osmia.wire.osmia.GetManagerStatusResponse;
import io.osmia.wire.osmia.ListEvidenceRequest;
import io.osmia.wire.osmia.ListEvidenceResponse;
import io.osmia.wire.osmia.ManagerStateGrpc;
import io.osmia.wire.osmia.ManagerStatus;
import io.osmia.wire.osmia.ManagersGrpc;
import io.osmia.wire.osmia.NodeEvidence;
import io.osmia.wire.osmia.NodesGrpc;
import io.osmia.wire.osmia.TransferLeadershipRequest;
import io.osmia.wire.osmia.TransferLeadershipResponse;
import io.osmia.wire.swarmkit.CAGrpc;
import io.osmia.wire.swarmkit.GetUnlockKeyRequest;
import io.osmia.wire.swarmkit.GetUnlockKeyResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a manager serves beside the Control service. */
final class FakeManager {

    /** The manager that is asked. */
    volatile String self = "";
    final List<ManagerStatus> statuses = new CopyOnWriteArrayList<>();
    final List<NodeEvidence> evidence = new CopyOnWriteArrayList<>();
    final List<ByteString> backup = new CopyOnWriteArrayList<>();
    final List<TransferLeadershipRequest> transfers = new CopyOnWriteArrayList<>();
    volatile ByteString unlockKey = ByteString.EMPTY;

    List<BindableService> services() {
        return List.of(new State(), new Members(), new Evidence(), new Ca());
    }

    private static <T> void answer(StreamObserver<T> observer, T answer) {
        observer.onNext(answer);
        observer.onCompleted();
    }

    private final class State extends ManagerStateGrpc.ManagerStateImplBase {
        @Override
        public void getManagerStatus(
                GetManagerStatusRequest request, StreamObserver<GetManagerStatusResponse> observer) {
            String wanted = request.getNodeId().isEmpty() ? self : request.getNodeId();
            statuses.stream()
                    .filter(status -> status.getMember().getNodeId().equals(wanted))
                    .findFirst()
                    .ifPresentOrElse(
                            status -> answer(observer, GetManagerStatusResponse.newBuilder().setStatus(status).build()),
                            () -> observer.onError(
                                    Status.UNAVAILABLE.withDescription("connection refused").asRuntimeException()));
        }

        @Override
        public void backup(BackupRequest request, StreamObserver<BackupChunk> observer) {
            backup.forEach(data -> observer.onNext(BackupChunk.newBuilder().setData(data).build()));
            observer.onCompleted();
        }
    }

    private final class Members extends ManagersGrpc.ManagersImplBase {
        @Override
        public void transferLeadership(
                TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> observer) {
            transfers.add(request);
            answer(observer, TransferLeadershipResponse.getDefaultInstance());
        }
    }

    private final class Evidence extends NodesGrpc.NodesImplBase {
        @Override
        public void listEvidence(ListEvidenceRequest request, StreamObserver<ListEvidenceResponse> observer) {
            answer(observer, ListEvidenceResponse.newBuilder().addAllNodes(evidence).build());
        }
    }

    private final class Ca extends CAGrpc.CAImplBase {
        @Override
        public void getUnlockKey(GetUnlockKeyRequest request, StreamObserver<GetUnlockKeyResponse> observer) {
            answer(observer, GetUnlockKeyResponse.newBuilder().setUnlockKey(unlockKey).build());
        }
    }
}
