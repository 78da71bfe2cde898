package io.osmia.orchestrator.internal.roles;

import io.osmia.roles.MemberChanges;
import io.osmia.roles.Membership;
import io.osmia.roles.MembershipException;
import io.osmia.roles.MembershipException.Reason;
import io.osmia.roles.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A raft group that exists in memory alone. */
final class Group implements Membership, MemberChanges {

    final List<Member> members = new CopyOnWriteArrayList<>();
    final List<String> calls = new ArrayList<>();
    /** How often the list was read. */
    int looks;

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    @Nullable
    MembershipException failure;
    @Nullable
    QuorumLoss objection;

    Group with(long raftId, String nodeId, boolean leader) {
        members.add(new Member(raftId, nodeId, nodeId + ":4242", nodeId + ":4243", leader, true));
        return this;
    }

    @Override
    public List<Member> members() {
        looks++;
        return List.copyOf(members);
    }

    @Override
    public Registration onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    int listeners() {
        return listeners.size();
    }

    @Override
    public void add(Member newcomer) {
        members.add(newcomer);
        listeners.forEach(Runnable::run);
    }

    @Override
    public synchronized void remove(long raftId) {
        calls.add("remove " + raftId);
        fail();
        if (!members.removeIf(member -> member.raftId() == raftId)) {
            throw new MembershipException(Reason.UNKNOWN_MEMBER, "membership: member not found in cluster list");
        }
        listeners.forEach(Runnable::run);
    }

    @Override
    public Optional<QuorumLoss> objection(long raftId) {
        return Optional.ofNullable(objection);
    }

    @Override
    public synchronized void transferLeadership(OptionalLong raftId) {
        calls.add("transfer");
        fail();
    }

    private void fail() {
        if (failure != null) {
            throw failure;
        }
    }
}
