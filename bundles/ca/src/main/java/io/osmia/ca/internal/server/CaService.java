package io.osmia.ca.internal.server;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.osmia.roles.Leadership;
import io.osmia.roles.ManagerRole;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.CAGrpc;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.EncryptionKey;
import io.osmia.wire.swarmkit.GetRootCACertificateRequest;
import io.osmia.wire.swarmkit.GetRootCACertificateResponse;
import io.osmia.wire.swarmkit.GetUnlockKeyRequest;
import io.osmia.wire.swarmkit.GetUnlockKeyResponse;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What the leader tells of the root and of the unlock key (rules 7.7.1, 7.7.2, 7.7.10). */
@Component(service = BindableService.class)
public final class CaService extends CAGrpc.CAImplBase {

    private final Store store;
    private final String clusterId;

    /** @param leadership only its presence counts: this service writes nothing */
    @Activate
    public CaService(@Reference Store store, @Reference ManagerRole role, @Reference Leadership leadership) {
        this(store, role.clusterId());
    }

    CaService(Store store, String clusterId) {
        this.store = store;
        this.clusterId = clusterId;
    }

    @Override
    public void getRootCACertificate(
            GetRootCACertificateRequest request, StreamObserver<GetRootCACertificateResponse> answer) {
        Cluster cluster = cluster(answer);
        if (cluster != null) {
            answer.onNext(GetRootCACertificateResponse.newBuilder()
                    .setCertificate(cluster.getRootCa().getCaCert())
                    .build());
            answer.onCompleted();
        }
    }

    @Override
    public void getUnlockKey(GetUnlockKeyRequest request, StreamObserver<GetUnlockKeyResponse> answer) {
        Cluster cluster = cluster(answer);
        if (cluster != null) {
            answer.onNext(GetUnlockKeyResponse.newBuilder()
                    .setUnlockKey(unlockKey(cluster))
                    .setVersion(cluster.getMeta().getVersion())
                    .build());
            answer.onCompleted();
        }
    }

    private static ByteString unlockKey(Cluster cluster) {
        if (!cluster.getSpec().getEncryptionConfig().getAutoLockManagers()) {
            return ByteString.EMPTY;
        }
        return cluster.getUnlockKeysList().stream()
                .filter(key -> key.getSubsystem().equals("swarm-manager"))
                .findFirst()
                .map(EncryptionKey::getKey)
                .orElse(ByteString.EMPTY);
    }

    /** The cluster object; without one the call is answered here and there is nothing left to do. */
    private @Nullable Cluster cluster(StreamObserver<?> answer) {
        Cluster cluster = store.view().get(Table.CLUSTERS, clusterId);
        if (cluster == null) {
            answer.onError(Status.ABORTED
                    .withDescription("CA signer is still starting")
                    .asRuntimeException());
        }
        return cluster;
    }
}
