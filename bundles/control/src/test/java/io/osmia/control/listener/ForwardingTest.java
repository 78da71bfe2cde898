package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.grpc.stub.StreamObserver;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.CreateSecretResponse;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import io.osmia.store.StoreException;
import io.osmia.wire.swarmkit.HeartbeatRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rule 8.8: what a follower passes on to the leader, and what comes back. RAF-026. */
class ForwardingTest extends TwoManagers {

    @Test
    void aFollowerPassesAWriteOnAndTheAnswerBack() throws Exception {
        assertThat(control(follower.manager()).createSecret(secret("a")).getSecret().getId()).isEqualTo("s1");

        refuses(
                () -> control(follower.manager()).createSecret(secret("refused")),
                "ALREADY_EXISTS: secret refused already exists");
        assertThat(calls).hasValue(2);
    }

    /** Rule 8.8.6: the status is the one of a connection that failed, but it is an answer. */
    @Test
    void aWriteOfUnknownOutcomeIsNotMadeTwice() throws Exception {
        refuses(
                () -> control(follower.manager()).createSecret(secret("unknown")),
                "UNAVAILABLE: " + StoreException.Reason.OUTCOME_UNKNOWN.text());
        assertThat(calls).hasValue(1);
    }

    @Test
    void theLeaderKnowsTheCallerByItsOwnName() throws Exception {
        beat(follower.worker());

        assertThat(caller.get().nodeId()).isEqualTo("someworker000000000000000");
        assertThat(caller.get().role()).isEqualTo("swarm-worker");
        assertThat(caller.get().organization()).isEqualTo(ListenerFixture.CLUSTER);
        assertThat(caller.get().forwarded()).isTrue();
        assertThat(caller.get().remoteAddress()).startsWith("127.0.0.1:");
    }

    @Test
    @DisplayName("rule 8.8.2")
    void callsFromTheLocalSocketComeFromTheFollowerItself() {
        control(follower.plain("localhost")).createSecret(secret("a"));

        assertThat(caller.get().nodeId()).isEqualTo(FOLLOWER);
        assertThat(caller.get().role()).isEqualTo("swarm-manager");
        assertThat(caller.get().forwarded()).isFalse();
    }

    @Test
    @DisplayName("rule 7.9.4")
    void whatACallerSaysOfItselfIsOverwritten() throws Exception {
        var forged = with(
                DispatcherGrpc.newBlockingStub(follower.plain("localhost")),
                "forwarded_cert", "true",
                "forwarded_cert_cn", "somebodyelse",
                "forwarded_cert_org", ListenerFixture.CLUSTER,
                "forwarded_cert_ou", "swarm-worker");

        forged.heartbeat(HeartbeatRequest.getDefaultInstance());

        assertThat(caller.get().nodeId()).isEqualTo(FOLLOWER);
    }

    @Test
    @DisplayName("rule 8.8.4")
    void aCallIsPassedOnOnlyOnce() throws Exception {
        var redirected = with(control(follower.manager()), "redirect", "10.0.0.1:5");

        refuses(
                () -> redirected.createSecret(secret("a")),
                "RESOURCE_EXHAUSTED: more than one redirect to leader from: [10.0.0.1:5]");
        assertThat(calls).hasValue(0);
    }

    @Test
    void aFollowerWaitsForALeader() throws Exception {
        membership.nobodyLeads();
        CompletableFuture<CreateSecretResponse> answer = CompletableFuture.supplyAsync(
                () -> control(follower.plain("localhost")).createSecret(secret("a")));
        assertThat(calls).hasValue(0);

        membership.leads(ListenerFixture.NODE, leader.bound().remoteAddress());

        assertThat(answer.get(10, TimeUnit.SECONDS).getSecret().getId()).isEqualTo("s1");
    }

    @Test
    @DisplayName("rule 8.8.6: who became leader meanwhile answers itself")
    void aManagerThatBecomesLeaderMeanwhileAnswersItself() throws Exception {
        membership.nobodyLeads();
        CompletableFuture<CreateSecretResponse> answer = CompletableFuture.supplyAsync(
                () -> control(follower.plain("localhost")).createSecret(secret("a")));

        follower.offer(new Writes());
        membership.leads(FOLLOWER, follower.bound().remoteAddress());

        assertThat(answer.get(10, TimeUnit.SECONDS).getSecret().getId()).isEqualTo("s1");
        assertThat(caller.get().nodeId()).isEqualTo(FOLLOWER);
    }

    @Test
    void aCallThatNeverLeftIsMadeAgainAtTheNextLeader() throws Exception {
        membership.leads("deadmanager00000000000001", "127.0.0.1:" + closedPort());
        CompletableFuture<CreateSecretResponse> answer = CompletableFuture.supplyAsync(
                () -> control(follower.plain("localhost")).createSecret(secret("a")));
        refuses(
                () -> control(follower.plain("localhost"))
                        .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                        .createSecret(secret("late")),
                null);

        membership.leads(ListenerFixture.NODE, leader.bound().remoteAddress());

        assertThat(answer.get(10, TimeUnit.SECONDS).getSecret().getId()).isEqualTo("s1");
        // The call that was given up may have reached the leader yet.
        assertThat(names).containsOnlyOnce("a");
    }

    private static int closedPort() throws Exception {
        try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    @Test
    void aWriteWhoseAnswerIsLostIsNotMadeTwiceAndSaysSo() throws Exception {
        CompletableFuture<Void> entered = new CompletableFuture<>();
        ControlGrpc.ControlImplBase silent = new ControlGrpc.ControlImplBase() {
            @Override
            public void removeSecret(
                    io.osmia.wire.swarmkit.RemoveSecretRequest request,
                    StreamObserver<io.osmia.wire.swarmkit.RemoveSecretResponse> answer) {
                calls.incrementAndGet();
                entered.complete(null); // and never answers
            }
        };
        leader.services.removeService(leader.services.offers(Reach.LOCAL).getFirst().service());
        leader.offer(silent);
        var answer = ControlGrpc.newFutureStub(follower.plain("localhost"))
                .removeSecret(io.osmia.wire.swarmkit.RemoveSecretRequest.getDefaultInstance());
        entered.get(10, TimeUnit.SECONDS);

        membership.leads("thirdmanager0000000000001", "127.0.0.1:" + closedPort());

        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                .hasMessageContaining("UNAVAILABLE")
                .hasMessageContaining("whether Control.RemoveSecret was carried out is unknown");
        assertThat(calls).hasValue(1);
    }
}
