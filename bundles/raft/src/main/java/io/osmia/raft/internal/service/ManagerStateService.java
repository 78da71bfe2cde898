package io.osmia.raft.internal.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.osmia.raft.Backup;
import io.osmia.raft.StateCopy;
import io.osmia.roles.Channels;
import io.osmia.roles.Credentials;
import io.osmia.roles.LogKeys;
import io.osmia.roles.ManagerRole;
import io.osmia.roles.Membership;
import io.osmia.roles.Membership.Member;
import io.osmia.roles.Readiness;
import io.osmia.store.Store;
import io.osmia.store.View;
import io.osmia.wire.osmia.BackupChunk;
import io.osmia.wire.osmia.BackupRequest;
import io.osmia.wire.osmia.GetLogKeysRequest;
import io.osmia.wire.osmia.GetLogKeysResponse;
import io.osmia.wire.osmia.GetManagerStatusRequest;
import io.osmia.wire.osmia.GetManagerStatusResponse;
import io.osmia.wire.osmia.InstallLogKeyRequest;
import io.osmia.wire.osmia.InstallLogKeyResponse;
import io.osmia.wire.osmia.LogKey;
import io.osmia.wire.osmia.ManagerMember;
import io.osmia.wire.osmia.ManagerStateGrpc;
import io.osmia.wire.osmia.ManagerStatus;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Serves {@code osmia.v1.ManagerState}: log keys, status and backup of the manager that is asked. */
@Component(service = BindableService.class)
public final class ManagerStateService extends ManagerStateGrpc.ManagerStateImplBase {

    private static final int CHUNK_BYTES = 1 << 18;
    private static final int CALL_SECONDS = 5;
    private static final int KEY_BYTES = 32;

    private final Store store;
    private final ManagerRole role;
    private final Membership membership;
    private final Readiness readiness;
    private final LogKeys keys;
    private final Channels channels;
    private final StateCopy copy;

    @Activate
    public ManagerStateService(
            @Reference Store store,
            @Reference ManagerRole role,
            @Reference Membership membership,
            @Reference Readiness readiness,
            @Reference LogKeys keys,
            @Reference Channels channels,
            @Reference StateCopy copy) {
        this.store = store;
        this.role = role;
        this.membership = membership;
        this.readiness = readiness;
        this.keys = keys;
        this.channels = channels;
        this.copy = copy;
    }

    @Override
    public void getLogKeys(GetLogKeysRequest request, StreamObserver<GetLogKeysResponse> answer) {
        GetLogKeysResponse.Builder held = GetLogKeysResponse.newBuilder().setCurrent(keys.current());
        for (int version : keys.versions()) {
            SecretKey key = keys.key(version);
            if (key != null) {
                held.addKeys(LogKey.newBuilder().setVersion(version).setKey(ByteString.copyFrom(key.getEncoded())));
            }
        }
        answer(answer, held.build());
    }

    /** Keeps it and does not use it: that comes with the first record that is sealed with it. */
    @Override
    public void installLogKey(InstallLogKeyRequest request, StreamObserver<InstallLogKeyResponse> answer) {
        LogKey key = request.getKey();
        if (key.getVersion() <= LogKeys.NOT_SEALED || key.getKey().size() != KEY_BYTES) {
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("a log key has a positive version and " + KEY_BYTES + " bytes")
                    .asRuntimeException());
            return;
        }
        SecretKey offered = new SecretKeySpec(key.getKey().toByteArray(), "AES");
        SecretKey held = keys.key(key.getVersion());
        if (held != null && !held.equals(offered)) {
            answer.onError(Status.ALREADY_EXISTS
                    .withDescription("another log key has version " + key.getVersion() + " on node " + role.nodeId())
                    .asRuntimeException());
            return;
        }
        keys.learn(key.getVersion(), offered);
        answer(answer, InstallLogKeyResponse.getDefaultInstance());
    }

    @Override
    public void getManagerStatus(GetManagerStatusRequest request, StreamObserver<GetManagerStatusResponse> answer) {
        if (request.getNodeId().isEmpty() || request.getNodeId().equals(role.nodeId())) {
            answer(answer, GetManagerStatusResponse.newBuilder().setStatus(status()).build());
            return;
        }
        try {
            answer(answer, askOther(request));
        } catch (StatusException | StatusRuntimeException e) {
            answer.onError(e);
        }
    }

    private GetManagerStatusResponse askOther(GetManagerStatusRequest request) throws StatusException {
        Member other = membership.members().stream()
                .filter(member -> member.nodeId().equals(request.getNodeId()))
                .findFirst()
                .orElseThrow(() -> Status.NOT_FOUND
                        .withDescription("node " + request.getNodeId() + " is no manager of this cluster")
                        .asException());
        ManagedChannel channel = channels.open(other.address(), Credentials.MANAGER_NAME);
        try {
            return ManagerStateGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                    .getManagerStatus(request);
        } finally {
            channel.shutdownNow();
        }
    }

    private ManagerStatus status() {
        View view = store.view();
        ManagerStatus.Builder status = ManagerStatus.newBuilder()
                .setTerm(copy.term())
                .setAppliedIndex(Math.max(0, copy.appliedIndex()))
                .setStoreVersion(view.version())
                .setDigest(view.digest().hex())
                .setLogKeyVersion(keys.current())
                .setTrouble(readiness.trouble().orElse(""))
                .addAllChecks(copy.checks());
        membership.members().stream()
                .filter(member -> member.nodeId().equals(role.nodeId()))
                .findFirst()
                .ifPresent(member -> status.setMember(message(member)));
        return status.build();
    }

    private static ManagerMember message(Member member) {
        return ManagerMember.newBuilder()
                .setRaftId(member.raftId())
                .setNodeId(member.nodeId())
                .setAddress(member.address())
                .setRaftAddress(member.raftAddress())
                .setLeader(member.leader())
                .setReachable(member.reachable())
                .build();
    }

    @Override
    public void backup(BackupRequest request, StreamObserver<BackupChunk> answer) {
        ServerCallStreamObserver<BackupChunk> to = (ServerCallStreamObserver<BackupChunk>) answer;
        to.setOnCancelHandler(() -> {});
        View view = store.view();
        Object ready = new Object();
        to.setOnReadyHandler(() -> {
            synchronized (ready) {
                ready.notifyAll();
            }
        });
        // The handler of a call is not called again while it runs.
        Thread.ofVirtual().name("backup").start(() -> {
            try (OutputStream out = new BufferedOutputStream(new Chunked(to, ready), CHUNK_BYTES)) {
                Backup.write(role.clusterId(), view, out);
                out.flush();
                to.onCompleted();
            } catch (IOException e) {
                to.onError(Status.CANCELLED.withDescription("backup: " + e.getMessage()).asRuntimeException());
            }
        });
    }

    private static <T> void answer(StreamObserver<T> to, T message) {
        to.onNext(message);
        to.onCompleted();
    }

    /** Sends as fast as the other end takes it. */
    private static final class Chunked extends OutputStream {

        private static final long PAUSE_MILLIS = 100;

        private final ServerCallStreamObserver<BackupChunk> to;
        private final Object ready;

        Chunked(ServerCallStreamObserver<BackupChunk> to, Object ready) {
            this.to = to;
            this.ready = ready;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            awaitReady();
            byte[] data = Arrays.copyOfRange(bytes, offset, offset + length);
            to.onNext(BackupChunk.newBuilder()
                    .setData(UnsafeByteOperations.unsafeWrap(data))
                    .build());
        }

        private void awaitReady() throws IOException {
            synchronized (ready) {
                while (!to.isReady()) {
                    if (to.isCancelled()) {
                        throw new IOException("the caller has gone");
                    }
                    try {
                        ready.wait(PAUSE_MILLIS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new InterruptedIOException();
                    }
                }
            }
        }
    }
}
