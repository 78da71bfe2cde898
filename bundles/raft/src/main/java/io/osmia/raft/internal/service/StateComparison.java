package io.osmia.raft.internal.service;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.osmia.raft.StateCopy;
import io.osmia.raft.StateCopy.Compared;
import io.osmia.roles.Channels;
import io.osmia.roles.Credentials;
import io.osmia.roles.ManagerRole;
import io.osmia.roles.MemberChanges;
import io.osmia.roles.Membership;
import io.osmia.roles.Membership.Member;
import io.osmia.roles.MembershipException;
import io.osmia.roles.Registration;
import io.osmia.wire.osmia.GetManagerStatusRequest;
import io.osmia.wire.osmia.ManagerStateGrpc;
import io.osmia.wire.osmia.StateCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this manager's copy of the state with the others': the leader after each comparison in the log, and who differs
 * from what the log says. Who is in the minority stops; one that leads hands over first. Without a majority nobody stops.
 */
@Component(service = {}, immediate = true)
public final class StateComparison {

    private static final Logger LOG = LoggerFactory.getLogger(StateComparison.class);
    private static final int CALL_SECONDS = 5;
    private static final int ATTEMPTS = 20;
    private static final int FEW_ATTEMPTS = 4;
    private static final long PAUSE_MILLIS = 500;

    private final Membership membership;
    private final MemberChanges changes;
    private final Channels channels;
    private final StateCopy copy;
    private final String nodeId;
    private final LinkedBlockingQueue<Compared> waiting = new LinkedBlockingQueue<>();
    private final Registration listening;
    private final Thread thread = Thread.ofVirtual().name("state-comparison").unstarted(this::run);

    @Activate
    public StateComparison(
            @Reference Membership membership,
            @Reference MemberChanges changes,
            @Reference Channels channels,
            @Reference StateCopy copy,
            @Reference ManagerRole role) {
        this.membership = membership;
        this.changes = changes;
        this.channels = channels;
        this.copy = copy;
        this.nodeId = role.nodeId();
        this.listening = copy.onCheck(this::note);
        thread.start();
    }

    private void note(Compared compared) {
        // One that waits says the same: what went astray once stays so.
        if ((compared.leads() || !compared.equal()) && waiting.isEmpty()) {
            waiting.add(compared);
        }
    }

    private void run() {
        try {
            while (true) {
                compared(waiting.take());
            }
        } catch (InterruptedException e) {
            LOG.debug("raft: copies of the state are no longer compared");
        }
    }

    private void compared(Compared compared) throws InterruptedException {
        try {
            compare(compared);
        } catch (RuntimeException e) {
            // Top of the thread: without it nothing would ever be compared again.
            LOG.warn("raft: the copies at version {} were not compared", compared.own().getVersion(), e);
        }
    }

    private void compare(Compared compared) throws InterruptedException {
        List<Member> others = membership.members().stream()
                .filter(member -> !member.nodeId().equals(nodeId))
                .toList();
        List<ByteString> digests = new ArrayList<>();
        for (Member other : others) {
            digest(other, compared.own().getVersion(), compared.equal() ? FEW_ATTEMPTS : ATTEMPTS)
                    .ifPresent(digests::add);
        }
        conclude(compared, Verdict.of(compared.own().getDigest(), digests, others.size() + 1), others.size() + 1);
    }

    private void conclude(Compared compared, Verdict verdict, int members) {
        long version = compared.own().getVersion();
        switch (verdict) {
            case EQUAL -> {
                if (compared.equal()) {
                    copy.doubt("");
                }
            }
            case WITH_THE_MAJORITY ->
                LOG.error("raft: another manager's copy of the state differs at version {}; it will stop", version);
            case NO_MAJORITY -> {
                String why = "the managers' copies of the state differ at version " + version + ", and none of "
                        + members + " has a majority behind it; compare 'osmia cluster inspect' of each, and restore"
                        + " from a backup";
                LOG.error("raft: {}", why);
                copy.doubt(why);
            }
            case IN_THE_MINORITY -> stop(version);
        }
    }

    private void stop(long version) {
        if (membership.leader().filter(leader -> leader.nodeId().equals(nodeId)).isPresent()) {
            try {
                changes.transferLeadership(OptionalLong.empty());
            } catch (MembershipException e) {
                LOG.warn("raft: leadership was not handed over: {}", e.getMessage());
            }
        }
        copy.astray("this manager's copy of the state at version " + version + " is not what the majority of the"
                + " managers have; it stops. Remove it from the cluster (osmia node demote, node rm), and join it anew"
                + " with an empty state directory");
    }

    /** What another member's copy adds up to at a version; it may be behind, so it is asked more than once. */
    private Optional<ByteString> digest(Member other, long version, int attempts) throws InterruptedException {
        ManagedChannel channel = channels.open(other.address(), Credentials.MANAGER_NAME);
        try {
            for (int attempt = 0; attempt < attempts; attempt++) {
                Optional<ByteString> digest = ask(channel, other, version);
                if (digest.isPresent()) {
                    return digest;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
            return Optional.empty();
        } finally {
            channel.shutdownNow();
        }
    }

    private static Optional<ByteString> ask(ManagedChannel channel, Member other, long version) {
        try {
            return ManagerStateGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                    .getManagerStatus(GetManagerStatusRequest.getDefaultInstance())
                    .getStatus()
                    .getChecksList()
                    .stream()
                    .filter(check -> check.getVersion() == version)
                    .map(StateCheck::getDigest)
                    .findFirst();
        } catch (StatusRuntimeException e) {
            LOG.debug("raft: manager {} does not say what its copy of the state adds up to: {}", other.nodeId(), e
                    .getMessage());
            return Optional.empty();
        }
    }

    @Deactivate
    public void stop() {
        listening.close();
        thread.interrupt();
    }
}
