package io.osmia.raft.internal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.osmia.roles.Caller;
import io.osmia.roles.MemberChanges;
import io.osmia.roles.Membership;
import io.osmia.roles.Membership.Member;
import io.osmia.roles.MembershipException;
import io.osmia.roles.MembershipException.Reason;
import io.osmia.roles.Registration;
import io.osmia.store.LocalStore;
import io.osmia.store.Table;
import io.osmia.wire.osmia.JoinRequest;
import io.osmia.wire.osmia.LeaveRequest;
import io.osmia.wire.osmia.ManagerMember;
import io.osmia.wire.osmia.ManagersGrpc;
import io.osmia.wire.osmia.TransferLeadershipRequest;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 8.4, as callers see it. */
class ManagersServiceTest {

    private static final Member LEADER = new Member(7, "leader", "10.0.0.1:4242", "10.0.0.1:4243", true, true);

    private final LocalStore store = new LocalStore(() -> Instant.EPOCH);
    private final Group group = new Group();
    private final List<String> checked = new CopyOnWriteArrayList<>();
    private Status health = Status.OK;
    private Server server;
    private ManagedChannel channel;

    /** Notes what it is asked for. */
    private static final class Group implements Membership, MemberChanges {

        private final List<Member> members = new CopyOnWriteArrayList<>(List.of(LEADER));
        private final List<String> asked = new CopyOnWriteArrayList<>();
        private Optional<MembershipException> refusal = Optional.empty();

        @Override
        public List<Member> members() {
            return List.copyOf(members);
        }

        @Override
        public Registration onChange(Runnable listener) {
            return () -> {};
        }

        @Override
        public void add(Member newcomer) {
            note("add " + newcomer.raftId());
            members.add(newcomer);
        }

        @Override
        public void remove(long raftId) {
            note("remove " + raftId);
        }

        @Override
        public Optional<QuorumLoss> objection(long raftId) {
            return Optional.empty();
        }

        @Override
        public void transferLeadership(OptionalLong raftId) {
            note("transfer " + raftId);
        }

        private void note(String what) {
            refusal.ifPresent(e -> {
                throw e;
            });
            asked.add(what);
        }
    }

    /** Calls come from node n2 at 10.0.0.9. */
    private static final class FromNode implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            Caller caller = new Caller("n2", "swarm-manager", "c", "10.0.0.9:50123", false);
            return Contexts.interceptCall(Context.current().withValue(Caller.KEY, caller), call, headers, next);
        }
    }

    @BeforeEach
    void start() throws Exception {
        ManagersService service = new ManagersService(group, group, store, address -> {
            checked.add(address);
            if (!health.isOk()) {
                throw health.asRuntimeException();
            }
        });
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name)
                .intercept(new FromNode())
                .addService(service)
                .build()
                .start();
        channel = InProcessChannelBuilder.forName(name).build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
        store.close();
    }

    private ManagersGrpc.ManagersBlockingStub managers() {
        return ManagersGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    private void node(NodeRole desired) {
        store.update(1, tx -> tx.create(
                Table.NODES,
                Node.newBuilder()
                        .setId("n2")
                        .setSpec(NodeSpec.newBuilder().setDesiredRole(desired))
                        .build()));
    }

    private List<ManagerMember> join(String address, String raftAddress) {
        return managers()
                .join(JoinRequest.newBuilder()
                        .setRaftId(8)
                        .setAddress(address)
                        .setRaftAddress(raftAddress)
                        .build())
                .getMembersList();
    }

    @Test
    @DisplayName("RAF-001: a newcomer is looked at and added, and learns the members")
    void aManagerJoins() {
        node(NodeRole.MANAGER);
        List<ManagerMember> members = join("10.0.0.2:4242", "10.0.0.2:4243");
        assertThat(checked).containsExactly("10.0.0.2:4242");
        assertThat(group.members)
                .containsExactly(LEADER, new Member(8, "n2", "10.0.0.2:4242", "10.0.0.2:4243", false, true));
        assertThat(members)
                .containsExactly(
                        ManagerMember.newBuilder()
                                .setRaftId(7)
                                .setNodeId("leader")
                                .setAddress("10.0.0.1:4242")
                                .setRaftAddress("10.0.0.1:4243")
                                .setLeader(true)
                                .setReachable(true)
                                .build(),
                        ManagerMember.newBuilder()
                                .setRaftId(8)
                                .setNodeId("n2")
                                .setAddress("10.0.0.2:4242")
                                .setRaftAddress("10.0.0.2:4243")
                                .setReachable(true)
                                .build());
    }

    /** Rule 8.4.2. */
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:4242, 0.0.0.0:4243, 10.0.0.9:4242, 10.0.0.9:4243",
        "[::]:4242, :4243, 10.0.0.9:4242, 10.0.0.9:4243",
        "host:4242, [fd00::1]:4243, host:4242, [fd00::1]:4243"
    })
    void aHostThatIsNotSaidIsTheOneTheCallCameFrom(String api, String raft, String seenApi, String seenRaft) {
        node(NodeRole.MANAGER);
        join(api, raft);
        assertThat(group.members.getLast()).isEqualTo(new Member(8, "n2", seenApi, seenRaft, false, true));
        assertThat(checked).containsExactly(seenApi);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.2, 10.0.0.2:4243", "10.0.0.2:0, 10.0.0.2:4243", "10.0.0.2:4242, nonsense"})
    void anAddressThatIsNoneIsRefused(String api, String raft) {
        node(NodeRole.MANAGER);
        assertThatThrownBy(() -> join(api, raft))
                .hasMessageStartingWith("INVALID_ARGUMENT: invalid address ")
                .hasMessageEndingWith(" in raft join request");
        assertThat(group.asked).isEmpty();
    }

    @Test
    @DisplayName("RAF-014, RAF-015: who cannot be reached is not added (rule 8.4.3)")
    void whoIsNotHealthyIsRefused() {
        node(NodeRole.MANAGER);
        health = Status.UNKNOWN.withDescription("health check returned status NOT_SERVING");
        assertThatThrownBy(() -> join("10.0.0.2:4242", "10.0.0.2:4243"))
                .hasMessage("UNKNOWN: health check returned status NOT_SERVING");
        assertThat(group.asked).isEmpty();
    }

    @Test
    void aNodeThatIsNotInTheClusterIsRefused() {
        assertThatThrownBy(() -> join("10.0.0.2:4242", "10.0.0.2:4243"))
                .hasMessage("NOT_FOUND: node n2 not found in the cluster");
        assertThat(checked).isEmpty();
    }

    @Test
    void aNodeThatIsToBeAWorkerIsRefused() {
        node(NodeRole.WORKER);
        assertThatThrownBy(() -> join("10.0.0.2:4242", "10.0.0.2:4243"))
                .hasMessage("FAILED_PRECONDITION: node n2 is to be a worker; promote it before it joins");
        assertThat(group.asked).isEmpty();
    }

    @Test
    void withoutARaftIdNobodyJoins() {
        node(NodeRole.MANAGER);
        assertThatThrownBy(() -> managers().join(JoinRequest.getDefaultInstance()))
                .hasMessage("INVALID_ARGUMENT: no raft id in raft join request");
    }

    @Test
    @DisplayName("RAF-007: a member leaves by its raft id")
    void aMemberLeaves() {
        managers().leave(LeaveRequest.newBuilder().setRaftId(8).build());
        assertThat(group.asked).containsExactly("remove 8");
        assertThatThrownBy(() -> managers().leave(LeaveRequest.getDefaultInstance()))
                .hasMessage("INVALID_ARGUMENT: no node information provided");
    }

    @ParameterizedTest
    @EnumSource
    void refusalsOfTheGroupKeepTheirText(Reason reason) {
        group.refusal = Optional.of(new MembershipException(reason, "raft: for this reason"));
        String code =
                switch (reason) {
                    case NOT_LEADER, QUORUM -> "FAILED_PRECONDITION";
                    case UNKNOWN_MEMBER -> "NOT_FOUND";
                    case UNREACHABLE -> "UNAVAILABLE";
                    case TIMEOUT -> "DEADLINE_EXCEEDED";
                };
        assertThatThrownBy(() -> managers().leave(LeaveRequest.newBuilder().setRaftId(8).build()))
                .hasMessage(code + ": raft: for this reason");
    }

    @Test
    void leadershipGoesToTheNodeThatIsNamedOrToTheBest() {
        managers().transferLeadership(TransferLeadershipRequest.getDefaultInstance());
        group.members.add(new Member(8, "n2", "10.0.0.2:4242", "10.0.0.2:4243", false, true));
        managers().transferLeadership(TransferLeadershipRequest.newBuilder().setNodeId("n2").build());
        assertThat(group.asked).containsExactly("transfer OptionalLong.empty", "transfer OptionalLong[8]");
        assertThatThrownBy(() -> managers()
                .transferLeadership(TransferLeadershipRequest.newBuilder().setNodeId("n3").build()))
                .hasMessage("NOT_FOUND: can't find manager in raft memberlist");
    }
}
