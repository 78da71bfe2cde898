package io.osmia.raft.internal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import io.osmia.raft.StateCopy;
import io.osmia.roles.ManagerRole;
import io.osmia.roles.MemberChanges;
import io.osmia.roles.Membership;
import io.osmia.roles.Membership.Member;
import io.osmia.roles.Registration;
import io.osmia.wire.osmia.GetManagerStatusRequest;
import io.osmia.wire.osmia.GetManagerStatusResponse;
import io.osmia.wire.osmia.ManagerStateGrpc;
import io.osmia.wire.osmia.ManagerStatus;
import io.osmia.wire.osmia.StateCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a manager does when its copy of the state and others' differ. */
class StateComparisonTest {

    private static final StateCheck GOOD = check("good");
    private static final StateCheck ASTRAY = check("astray");

    private final List<Server> others = new ArrayList<>();
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final Copy copy = new Copy();
    private Optional<StateComparison> comparison = Optional.empty();

    private static StateCheck check(String digest) {
        return StateCheck.newBuilder()
                .setVersion(10)
                .setDigest(ByteString.copyFromUtf8(digest))
                .build();
    }

    /** Notes what is said of it. */
    private final class Copy implements StateCopy {

        private Consumer<Compared> listener = compared -> {};

        @Override
        public long term() {
            return 1;
        }

        @Override
        public boolean seals() {
            return false;
        }

        @Override
        public long appliedIndex() {
            return 1;
        }

        @Override
        public List<StateCheck> checks() {
            return List.of();
        }

        @Override
        public Registration onCheck(Consumer<Compared> told) {
            listener = told;
            return () -> {};
        }

        @Override
        public void doubt(String why) {
            done.add("doubt: " + why);
        }

        @Override
        public void astray(String why) {
            done.add("astray: " + why);
        }
    }

    private final class Group implements Membership, MemberChanges {

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
            throw new UnsupportedOperationException();
        }

        @Override
        public void remove(long raftId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<QuorumLoss> objection(long raftId) {
            return Optional.empty();
        }

        @Override
        public void transferLeadership(OptionalLong raftId) {
            done.add("transfer");
        }
    }

    private record Role(String nodeId, String clusterId) implements ManagerRole {}

    private void member(String nodeId, boolean leads) {
        members.add(new Member(members.size() + 1, nodeId, nodeId + System.identityHashCode(this), "", leads, true));
    }

    private void other(String nodeId, boolean leads, StateCheck says) throws Exception {
        member(nodeId, leads);
        others.add(InProcessServerBuilder.forName(members.getLast().address())
                .addService(new ManagerStateGrpc.ManagerStateImplBase() {
                    @Override
                    public void getManagerStatus(
                            GetManagerStatusRequest request, StreamObserver<GetManagerStatusResponse> answer) {
                        answer.onNext(GetManagerStatusResponse.newBuilder()
                                .setStatus(ManagerStatus.newBuilder().addChecks(says))
                                .build());
                        answer.onCompleted();
                    }
                })
                .build()
                .start());
    }

    private void compare(boolean leads, StateCheck expected, StateCheck own) {
        Group group = new Group();
        comparison = Optional.of(new StateComparison(
                group,
                group,
                (address, name) -> InProcessChannelBuilder.forName(address).build(),
                copy,
                new Role("self", "c")));
        copy.listener.accept(new StateCopy.Compared(leads, expected, own));
    }

    @AfterEach
    void stop() {
        comparison.ifPresent(StateComparison::stop);
        others.forEach(Server::shutdownNow);
    }

    private void awaitDone(int count) {
        await().atMost(Duration.ofSeconds(10)).until(() -> done.size() >= count);
    }

    @Test
    void aFollowerInTheMinorityStopsAndSaysWhy() throws Exception {
        member("self", false);
        other("a", true, GOOD);
        other("b", false, GOOD);
        compare(false, GOOD, ASTRAY);
        awaitDone(1);
        assertThat(done)
                .singleElement()
                .asString()
                .startsWith("astray: this manager's copy of the state at version 10 is not what the majority")
                .contains("osmia node demote");
    }

    @Test
    void aLeaderInTheMinorityHandsOverFirst() throws Exception {
        member("self", true);
        other("a", false, GOOD);
        other("b", false, GOOD);
        compare(true, ASTRAY, ASTRAY);
        awaitDone(2);
        assertThat(done.getFirst()).isEqualTo("transfer");
        assertThat(done.getLast()).startsWith("astray: ");
    }

    @Test
    void withoutAMajorityNobodyStopsAndHealthSaysSo() throws Exception {
        member("self", true);
        other("a", false, GOOD);
        compare(true, ASTRAY, ASTRAY);
        awaitDone(1);
        assertThat(done).singleElement().asString().startsWith("doubt: the managers' copies of the state differ");
    }

    @Test
    void aDoubtThatIsOverIsTakenBack() throws Exception {
        member("self", true);
        other("a", false, GOOD);
        other("b", false, GOOD);
        compare(true, GOOD, GOOD);
        awaitDone(1);
        assertThat(done).containsExactly("doubt: ");
    }
}
