package io.osmia.dispatcher.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.Status;
import io.osmia.roles.Caller;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.HeartbeatResponse;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.SessionRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is registered, and what keeps a session (rules 6.3 to 6.5). */
class RegistrationTest extends DispatcherScene {

    @Test // DIS-001
    void aSecondSessionReplacesTheFirst() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<SessionMessage> first = open("n", "");
        String second = register("n");

        assertThat(second).isNotEqualTo(first.messages.getFirst().getSessionId());
        assertRefused(first.ended, Status.Code.INVALID_ARGUMENT, "session invalid");
        assertRefused(
                beat("n", first.messages.getFirst().getSessionId()).failure,
                Status.Code.INVALID_ARGUMENT,
                "session invalid");
    }

    @Test
    void aSessionThatIsKnownIsKeptWithItsNewDescription() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<SessionMessage> first = open("n", "");
        String id = first.messages.getFirst().getSessionId();

        RecordingSink<SessionMessage> again = open("n", id);

        assertThat(again.messages.getFirst().getSessionId()).isEqualTo(id);
        assertThat(first.ended).isNull();
    }

    @Test // DIS-002
    void tooManyRegistrationsAreRefusedUntilTheLastAcceptedOneIsOld() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        for (int i = 0; i < 3; i++) {
            assertThat(open("n", "").ended).isNull();
        }
        assertRefused(
                open("n", "").ended,
                Status.Code.UNAVAILABLE,
                "node n exceeded rate limit count of registrations");

        simulation.advance(Duration.ofMillis(8001));

        assertThat(open("n", "").ended).isNull();
    }

    @Test
    void aNodeThatDoesNotExistIsNotRegistered() {
        begin();
        assertRefused(open("nobody", "").ended, Status.Code.UNKNOWN, "node not found");
    }

    @Test // DIS-004
    void aHeartbeatGivesThePeriodAndNeedsTheSession() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        String session = register("n");

        HeartbeatResponse response = beat("n", session).value;

        assertThat(response).isNotNull();
        assertThat(response.getPeriod().getSeconds()).isEqualTo(5);
        assertRefused(beat("n", "wrong").failure, Status.Code.INVALID_ARGUMENT, "session invalid");
        assertRefused(beat("n", "").failure, Status.Code.INVALID_ARGUMENT, "session invalid");
    }

    @Test // DIS-007
    void aHeartbeatOfAnUnregisteredNodeIsRefused() {
        begin();
        assertRefused(beat("nobody", "any").failure, Status.Code.NOT_FOUND, "node not registered");
    }

    @Test // DIS-030, rule 6.2.3
    void aChangedPeriodCountsFromTheNextHeartbeatOn() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        store.update(Objects.TERM, tx -> tx.create(
                Table.CLUSTERS, Cluster.newBuilder().setId("cluster").build()));
        begin();
        String session = register("n");

        changeCluster(cluster -> cluster.getSpecBuilder()
                .getDispatcherBuilder()
                .setHeartbeatPeriod(com.google.protobuf.Duration.newBuilder().setSeconds(60)));

        HeartbeatResponse response = beat("n", session).value;
        assertThat(response).isNotNull();
        assertThat(response.getPeriod().getSeconds()).isEqualTo(60);
        simulation.advance(Duration.ofSeconds(179));
        assertThat(node("n").getStatus().getState()).isEqualTo(NodeStatus.State.READY);
    }

    @Test // rule 6.1
    void everyPeriodThatIsHandedOutIsJittered() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        Dispatching jittering = make(Duration.ofMillis(500));
        simulation.add("dispatcher", jittering);
        Set<Integer> periods = new HashSet<>();
        RecordingSink<SessionMessage> session = open(jittering, "n", "");
        for (int i = 0; i < 20; i++) {
            RecordingAnswer<HeartbeatResponse> answer = new RecordingAnswer<>();
            jittering.heartbeat(caller("n"), session.last().getSessionId(), answer, simulation.now());
            com.google.protobuf.Duration period = answer.value.getPeriod();
            Duration time = Duration.ofSeconds(period.getSeconds(), period.getNanos());
            assertThat(time).isBetween(Duration.ofMillis(4500), Duration.ofMillis(5500));
            periods.add(period.getNanos());
        }
        assertThat(periods).hasSizeGreaterThan(15);
    }

    @Test // rule 6.2.3
    void aTimerThatRunsKeepsItsDeadlineWhenThePeriodChanges() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        store.update(Objects.TERM, tx -> tx.create(
                Table.CLUSTERS, Cluster.newBuilder().setId("cluster").build()));
        begin();
        register("n");
        changeCluster(cluster -> cluster.getSpecBuilder()
                .getDispatcherBuilder()
                .setHeartbeatPeriod(com.google.protobuf.Duration.newBuilder().setSeconds(60)));
        simulation.advance(Duration.ofSeconds(15));
        assertThat(node("n").getStatus().getState()).isEqualTo(NodeStatus.State.DOWN);
    }

    @Test // rule 6.5.1
    void heartbeatsWriteNothing() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        String session = register("n");
        long version = store.view().version();
        for (int i = 0; i < 10; i++) {
            beat("n", session);
            simulation.advance(PERIOD);
        }
        assertThat(store.view().version()).isEqualTo(version);
    }

    @Test // rules 6.4.3 and 7.9.4
    void theAddressOfAForwardedCallerIsTheOneItCameFrom() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        Caller forwarded = new Caller("n", "swarm-worker", "cluster", "[2001:db8::7]:5000", false, false, true);
        RecordingSink<SessionMessage> sink = new RecordingSink<>();
        dispatching.session(forwarded, SessionRequest.getDefaultInstance(), sink, simulation.now());
        simulation.settle();
        assertThat(sink.last().getNode().getStatus().getAddr()).isEqualTo("2001:db8::7");

        Caller elsewhere = new Caller("n", "swarm-worker", "cluster", "", false, false, true);
        dispatching.session(elsewhere, SessionRequest.getDefaultInstance(), new RecordingSink<>(), simulation.now());
        simulation.settle();
        assertThat(node("n").getStatus().getAddr()).isEqualTo("2001:db8::7");
    }
}
