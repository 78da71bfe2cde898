package io.osmia.orchestrator.internal.roles;

import io.osmia.roles.MemberChanges;
import io.osmia.roles.MemberChanges.QuorumLoss;
import io.osmia.roles.MembershipException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes changes of the raft group, one after the other: each waits until it is committed. */
final class GroupWorker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupWorker.class);

    private final MemberChanges changes;
    private final BiConsumer<MemberRequest, Optional<String>> answers;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("role-manager-group").factory());

    /** @param answers takes each request with why it was refused, or with nothing when it was done; called on this thread */
    GroupWorker(MemberChanges changes, BiConsumer<MemberRequest, Optional<String>> answers) {
        this.changes = changes;
        this.answers = answers;
    }

    void request(MemberRequest request) {
        try {
            thread.execute(() -> answers.accept(request, carryOut(request)));
        } catch (RejectedExecutionException e) {
            LOG.debug("no longer leads: {}", request);
        }
    }

    /** Does it; why not, when it was refused. */
    Optional<String> carryOut(MemberRequest request) {
        try {
            Optional<QuorumLoss> objection = changes.objection(request.raftId());
            if (objection.isPresent()) {
                return Optional.of("the quorum would be lost " + objection.get());
            }
            switch (request) {
                case MemberRequest.Evict(var raftId, var nodeId) -> changes.remove(raftId);
                case MemberRequest.HandOver(var raftId, var nodeId) -> {
                    LOG.info("node {} leads and is to be a worker: another manager is to lead first", nodeId);
                    changes.transferLeadership(OptionalLong.empty());
                }
            }
            return Optional.empty();
        } catch (MembershipException e) {
            return e.reason() == MembershipException.Reason.UNKNOWN_MEMBER
                    ? Optional.empty()
                    : Optional.of(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // Top of the thread: an answer must come, or the member would count as asked for ever.
            LOG.error("raft member {} of node {} could not be changed", request.raftId(), request.nodeId(), e);
            return Optional.of(e.toString());
        }
    }

    /** Ends it without waiting: what is under way finishes or fails by itself. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
