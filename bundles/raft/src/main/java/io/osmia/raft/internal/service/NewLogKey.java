package io.osmia.raft.internal.service;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.osmia.raft.internal.seal.FirstKey;
import io.osmia.roles.Channels;
import io.osmia.roles.Credentials;
import io.osmia.roles.LogKeys;
import io.osmia.roles.Membership;
import io.osmia.roles.Membership.Member;
import io.osmia.wire.osmia.InstallLogKeyRequest;
import io.osmia.wire.osmia.LogKey;
import io.osmia.wire.osmia.ManagerStateGrpc;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the cluster's log key: every manager that can be reached has the new one before it is used. The others fetch it when
 * they meet the first record that is sealed with it.
 */
final class NewLogKey {

    private static final Logger LOG = LoggerFactory.getLogger(NewLogKey.class);
    private static final int CALL_SECONDS = 5;

    /** Versions that one term has for itself, so that two leaders never give the same version to two keys. */
    private static final int TERM_BITS = 8;

    private final LogKeys keys;
    private final Membership membership;
    private final Channels channels;
    private final String nodeId;

    NewLogKey(LogKeys keys, Membership membership, Channels channels, String nodeId) {
        this.keys = keys;
        this.membership = membership;
        this.channels = channels;
        this.nodeId = nodeId;
    }

    /**
     * Makes one and uses it. Blocks, up to 5 s for each manager that does not answer.
     *
     * @param term in which this manager leads
     */
    void make(long term) {
        int version = Math.max(keys.versions().isEmpty() ? 1 : keys.versions().last() + 1, first(term));
        SecretKey key = FirstKey.random();
        while (!reachesOthers(version, key)) {
            version++;
        }
        keys.learn(version, key);
        keys.use(version);
        LOG.info("raft: the log is sealed with log key {} from now on", version);
    }

    private static int first(long term) {
        return (int) Math.min(Integer.MAX_VALUE >> 1, term << TERM_BITS);
    }

    /** False when a manager has another key of that version. */
    private boolean reachesOthers(int version, SecretKey key) {
        InstallLogKeyRequest request = InstallLogKeyRequest.newBuilder()
                .setKey(LogKey.newBuilder().setVersion(version).setKey(ByteString.copyFrom(key.getEncoded())))
                .build();
        for (Member member : membership.members()) {
            if (!member.nodeId().equals(nodeId) && !install(member, request)) {
                return false;
            }
        }
        return true;
    }

    private boolean install(Member member, InstallLogKeyRequest request) {
        ManagedChannel channel = channels.open(member.address(), Credentials.MANAGER_NAME);
        try {
            ManagerStateGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                    .installLogKey(request);
            return true;
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.ALREADY_EXISTS) {
                return false;
            }
            LOG.warn(
                    "raft: manager {} does not get log key {} now, and fetches it later: {}",
                    member.nodeId(),
                    request.getKey().getVersion(),
                    e.getMessage());
            return true;
        } finally {
            channel.shutdownNow();
        }
    }
}
