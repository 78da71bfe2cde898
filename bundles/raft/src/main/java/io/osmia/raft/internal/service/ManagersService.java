package io.osmia.raft.internal.service;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.osmia.roles.Caller;
import io.osmia.roles.Channels;
import io.osmia.roles.Leadership;
import io.osmia.roles.MemberChanges;
import io.osmia.roles.Membership;
import io.osmia.roles.Membership.Member;
import io.osmia.roles.MembershipException;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.wire.osmia.JoinRequest;
import io.osmia.wire.osmia.JoinResponse;
import io.osmia.wire.osmia.LeaveRequest;
import io.osmia.wire.osmia.LeaveResponse;
import io.osmia.wire.osmia.ManagerMember;
import io.osmia.wire.osmia.ManagersGrpc;
import io.osmia.wire.osmia.TransferLeadershipRequest;
import io.osmia.wire.osmia.TransferLeadershipResponse;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Changes of the group of managers on request (rule 8.4). Exists on the leader; others pass calls on to it. */
@Component(service = BindableService.class)
public final class ManagersService implements BindableService {

    private final MemberChanges changes;
    private final Membership membership;
    private final Store store;
    private final Newcomer.Check reachable;

    @Activate
    public ManagersService(
            @Reference Leadership leadership,
            @Reference MemberChanges changes,
            @Reference Membership membership,
            @Reference Store store,
            @Reference Channels channels) {
        this(changes, membership, store, new HealthCheck(channels));
    }

    ManagersService(MemberChanges changes, Membership membership, Store store, Newcomer.Check reachable) {
        this.changes = changes;
        this.membership = membership;
        this.store = store;
        this.reachable = reachable;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return new Calls().bindService();
    }

    private List<ManagerMember> join(JoinRequest request) {
        Caller caller = Caller.current();
        if (request.getRaftId() <= 0) {
            throw refused(Status.Code.INVALID_ARGUMENT, "no raft id in raft join request");
        }
        Member newcomer = Newcomer.of(request, caller);
        requireManager(newcomer.nodeId());
        reachable.require(newcomer.address());
        changes.add(newcomer);
        return membership.members().stream().map(ManagersService::wire).toList();
    }

    /** A node that is being demoted or was removed may still hold a manager's certificate. */
    private void requireManager(String nodeId) {
        @Nullable Node node = store.view().get(Table.NODES, nodeId);
        if (node == null) {
            throw refused(Status.Code.NOT_FOUND, "node " + nodeId + " not found in the cluster");
        }
        if (node.getSpec().getDesiredRole() != NodeRole.MANAGER) {
            throw refused(
                    Status.Code.FAILED_PRECONDITION,
                    "node " + nodeId + " is to be a worker; promote it before it joins");
        }
    }

    private static ManagerMember wire(Member member) {
        return ManagerMember.newBuilder()
                .setRaftId(member.raftId())
                .setNodeId(member.nodeId())
                .setAddress(member.address())
                .setRaftAddress(member.raftAddress())
                .setLeader(member.leader())
                .setReachable(member.reachable())
                .build();
    }

    private void leave(LeaveRequest request) {
        if (request.getRaftId() == 0) {
            throw refused(Status.Code.INVALID_ARGUMENT, "no node information provided");
        }
        changes.remove(request.getRaftId());
    }

    private void transfer(TransferLeadershipRequest request) {
        String nodeId = request.getNodeId();
        if (nodeId.isEmpty()) {
            changes.transferLeadership(OptionalLong.empty());
            return;
        }
        Member to = membership.members().stream()
                .filter(member -> member.nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow(() -> refused(Status.Code.NOT_FOUND, "can't find manager in raft memberlist"));
        changes.transferLeadership(OptionalLong.of(to.raftId()));
    }

    static StatusRuntimeException refused(Status.Code code, String message) {
        return code.toStatus().withDescription(message).asRuntimeException();
    }

    private static StatusRuntimeException status(MembershipException e) {
        Status.Code code =
                switch (e.reason()) {
                    case NOT_LEADER, QUORUM -> Status.Code.FAILED_PRECONDITION;
                    case UNKNOWN_MEMBER -> Status.Code.NOT_FOUND;
                    case UNREACHABLE -> Status.Code.UNAVAILABLE;
                    case TIMEOUT -> Status.Code.DEADLINE_EXCEEDED;
                };
        return refused(code, String.valueOf(e.getMessage()));
    }

    private static <A> void answer(StreamObserver<A> observer, Supplier<A> call) {
        A answer;
        try {
            answer = call.get();
        } catch (MembershipException e) {
            observer.onError(status(e));
            return;
        } catch (StatusRuntimeException e) {
            observer.onError(e);
            return;
        }
        observer.onNext(answer);
        observer.onCompleted();
    }

    private final class Calls extends ManagersGrpc.ManagersImplBase {

        @Override
        public void join(JoinRequest request, StreamObserver<JoinResponse> observer) {
            answer(
                    observer,
                    () -> JoinResponse.newBuilder()
                            .addAllMembers(ManagersService.this.join(request))
                            .build());
        }

        @Override
        public void leave(LeaveRequest request, StreamObserver<LeaveResponse> observer) {
            answer(observer, () -> {
                ManagersService.this.leave(request);
                return LeaveResponse.getDefaultInstance();
            });
        }

        @Override
        public void transferLeadership(
                TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> observer) {
            answer(observer, () -> {
                transfer(request);
                return TransferLeadershipResponse.getDefaultInstance();
            });
        }
    }
}
