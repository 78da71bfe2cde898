package io.osmia.agent.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.osmia.agent.internal.journal.TaskJournal;
import io.osmia.agent.internal.task.Executors;
import io.osmia.agent.internal.task.FakeExecutor;
import io.osmia.agent.internal.task.FakeMachine;
import io.osmia.agent.internal.task.Tasks;
import io.osmia.roles.ManagerLink;
import io.osmia.roles.Remotes;
import io.osmia.roles.Remotes.Remote;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.SessionRequest;
import io.osmia.wire.swarmkit.TaskState;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which manager an agent goes to, and what it takes along. */
class SessionsTest {

    @TempDir
    private Path directory;

    private final String run = "sessions-" + System.nanoTime() + "-";
    private final FakeRemotes remotes = new FakeRemotes();
    private final Executors executors = new Executors();
    private final FakeMachine machine = new FakeMachine();
    private final FakeNode node = new FakeNode("me");
    private final List<ScriptedManager> managers = new ArrayList<>();
    private final List<String> untrusted = new CopyOnWriteArrayList<>();
    private final BlockingQueue<SessionMessage> heard = new LinkedBlockingQueue<>();
    private final Semaphore tried = new Semaphore(0);
    private @Nullable Status failing;
    private Agent agent;

    private ScriptedManager manager(String name) throws IOException {
        ScriptedManager manager = new ScriptedManager(run + name);
        managers.add(manager);
        return manager;
    }

    private Remote known(String name, long weight) {
        Remote remote = new Remote(name, run + name);
        remotes.observe(remote, weight);
        return remote;
    }

    private Agent make() throws IOException {
        executors.add(new FakeExecutor(machine, "1"));
        agent = new Agent(
                "me",
                remotes,
                new TaskJournal(directory),
                executors,
                new NodeDescriber("host", "0.1.0", 1, node, executors),
                this::connect,
                untrusted::add,
                Instant::now,
                new SplittableRandom(1));
        agent.tell(heard::add);
        return agent;
    }

    private ManagedChannel connect(String address, String serverName) {
        tried.release();
        assertThat(serverName).isEqualTo("swarm-manager");
        return InProcessChannelBuilder.forName(address)
                .directExecutor()
                .intercept(new FailingCalls(failing))
                .build();
    }

    @AfterEach
    void end() {
        agent.close();
        managers.forEach(ScriptedManager::close);
    }

    @Test // AGT-007, rule 6.11.3
    void aManagerThatRefusesIsFollowedByAnother() throws Exception {
        ScriptedManager refusing = manager("a").refuseSessions(Status.UNAVAILABLE);
        ScriptedManager serving = manager("b");
        Remote a = known("a", 11);
        known("b", 10);
        make().start();
        serving.awaitSessions(1);
        assertThat(refusing.sessionCount()).isEqualTo(1);
        assertThat(remotes.weights()).containsEntry(a, 11L - Remotes.SERVED);
    }

    @Test // rules 6.5.2, 6.11.5
    void aManagerThatHangsIsLeftWhileThereIsTimeToFindAnother() throws Exception {
        ScriptedManager hanging = manager("a").hangsAfterOneBeat();
        ScriptedManager serving = manager("b");
        known("a", 11);
        known("b", 10);
        make().start();
        serving.awaitSessions(1);
        assertThat(hanging.patience()).hasSize(2).last()
                .satisfies(millis -> assertThat(millis).isLessThanOrEqualTo(1_000));
    }

    @Test
    void theConnectionOfEachSessionIsOpenToOthersWhileItLasts() throws Exception {
        ScriptedManager refusing = manager("a").refuseSessions(Status.UNAVAILABLE);
        ScriptedManager serving = manager("b");
        known("a", 11);
        known("b", 10);
        BlockingQueue<String> links = new LinkedBlockingQueue<>();
        make().link(new ManagerLink() {
            @Override
            public void up(Channel manager) {
                links.add("up");
            }

            @Override
            public void down(Channel manager) {
                links.add("down");
            }
        });
        agent.start();
        serving.awaitSessions(1);
        assertThat(links.poll(10, TimeUnit.SECONDS)).isEqualTo("up");
        assertThat(refusing.sessionCount()).as("sessions that came to nothing").isEqualTo(1);
        serving.endSession(Status.UNAVAILABLE);
        assertThat(links.poll(10, TimeUnit.SECONDS)).isEqualTo("down");
    }

    @Test // rule 6.11.4
    void theSessionIsTakenAlongToTheNextManager() throws Exception {
        ScriptedManager first = manager("a");
        ScriptedManager second = manager("b");
        known("a", 11);
        known("b", 10);
        make().start();
        assertThat(first.awaitSessions(1).getSessionId()).isEmpty();
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isNotNull();
        first.endSession(Status.UNAVAILABLE);
        assertThat(second.awaitSessions(1).getSessionId()).isEqualTo("session-of-" + run + "a");
    }

    @Test // AGT-002
    void theManagersOfASessionMessageAreTheOnesThatAreKnown() throws Exception {
        manager("a").lists("a", run + "a").lists("b", run + "b").lists("c", "");
        Remote a = known("a", 10);
        known("gone", 9);
        remotes.observe(new Remote("", run + "given"), 8);
        make().start();
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(remotes.weights()).containsOnly(Map.entry(a, 20L), Map.entry(
                new Remote("b", run + "b"), 10L));
    }

    @Test
    void theAddressOfTheJoinIsForgottenOnceTheManagersAreKnownAndStaysSo() throws Exception {
        ScriptedManager given = manager("given").lists("a", run + "a");
        ScriptedManager listed = manager("a");
        remotes.observe(new Remote("", run + "given"), 10);
        make().start();
        given.awaitSessions(1);
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isNotNull();
        given.endSession(Status.UNAVAILABLE);
        listed.awaitSessions(1);
        assertThat(remotes.all()).extracting(Remote::nodeId).containsExactly("a");
    }

    @Test
    void aSessionMessageWithoutManagersForgetsNobody() throws Exception {
        manager("a");
        known("a", 10);
        known("b", 9);
        make().start();
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(remotes.all()).hasSize(2);
    }

    @Test // rule 6.11.1
    void theNodesOwnManagerIsPreferredOnceItIsThere() throws Exception {
        ScriptedManager own = manager("own");
        ScriptedManager other = manager("other");
        known("other", 100);
        make().managerHere(run + "own");
        agent.start();
        own.awaitSessions(1);
        assertThat(other.sessionCount()).isZero();
    }

    @Test // rule 6.11.1
    void aManagerThatStartsLateEndsTheWaitForOne() throws Exception {
        // Advertised, and not to be used: only the node itself knows where its manager is bound.
        remotes.observe(new Remote("me", run + "advertised"), 100);
        make().start();
        ScriptedManager own = manager("own");
        agent.managerHere(run + "own");
        own.awaitSessions(1);
    }

    @Test // rule 6.11.12
    void anOwnManagerThatServesNobodyIsLeftForAnother() throws Exception {
        ScriptedManager own = manager("own").refuseSessions(Status.UNAVAILABLE, Status.UNAVAILABLE);
        ScriptedManager other = manager("other");
        known("other", 1);
        make().managerHere(run + "own");
        agent.start();
        other.awaitSessions(1);
        assertThat(own.sessionCount()).isEqualTo(1);
    }

    @Test // INT: demotion and promotion restart no task
    void promotionAndDemotionChangeTheManagerAndNothingElse() throws Exception {
        ScriptedManager other = manager("other");
        ScriptedManager own = manager("own");
        known("other", 10);
        make().start();
        other.awaitSessions(1);
        agent.worker().update(Tasks.update(Tasks.task("t", TaskState.RUNNING)));
        machine.awaitVerb("await t", 1);

        agent.managerHere(run + "own");
        other.endSession(Status.UNAVAILABLE);
        assertThat(own.awaitSessions(1).getSessionId()).isEqualTo("session-of-" + run + "other");
        agent.managerGone();
        assertThat(other.awaitSessions(2).getSessionId()).isEqualTo("session-of-" + run + "other");

        assertThat(machine.verbs().stream().filter("start t"::equals)).hasSize(1);
        assertThat(machine.verbs()).doesNotContain("shutdown t", "close t");
    }

    @Test // AGT-006, rule 6.11.9
    void aChangedTrustRootIsAnnouncedAtOnceWithinTheSession() throws Exception {
        ScriptedManager manager = manager("a");
        known("a", 10);
        make().start();
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isNotNull();
        node.renew((byte) 9);
        agent.credentialsChanged();
        SessionRequest again = manager.awaitSessions(2);
        assertThat(again.getSessionId()).isEqualTo("session-of-" + run + "a");
        assertThat(again.getDescription().getTlsInfo().getTrustRoot().toByteArray()).containsExactly(9);
    }

    @Test // AGT-006
    void credentialsThatSayTheSameOfThisNodeAreNotAnnounced() throws Exception {
        ScriptedManager manager = manager("a");
        known("a", 10);
        make().start();
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isNotNull();
        agent.credentialsChanged();
        node.renew((byte) 9);
        agent.credentialsChanged();
        manager.awaitSessions(2);
        assertThat(manager.sessionCount()).isEqualTo(2);
    }

    @Test // AGT-009
    void aReportThatFailedIsMadeInTheNextSession() throws Exception {
        ScriptedManager manager = manager("a").refuseReports(Status.UNAVAILABLE);
        known("a", 10);
        make().start();
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isNotNull();
        agent.worker().update(Tasks.update(Tasks.task("t", TaskState.SHUTDOWN)));
        manager.awaitSessions(2);
        manager.awaitReport("t", TaskState.SHUTDOWN);
    }

    @Test // rule 6.7.1
    void aTaskThatTheManagerHasOnAnotherNodeDoesNotKeepTheOthersFromBeingReported() throws Exception {
        ScriptedManager manager = manager("a");
        known("a", 10);
        make().start();
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isNotNull();
        for (String id : List.of("t", "u", "v")) {
            agent.worker().update(Tasks.update(Tasks.task(id, TaskState.SHUTDOWN)));
            manager.awaitReport(id, TaskState.SHUTDOWN);
        }
        manager.disowns("t");
        manager.endSession(Status.UNAVAILABLE);
        manager.awaitReport("u", TaskState.SHUTDOWN);
        manager.awaitReport("v", TaskState.SHUTDOWN);
        agent.worker().update(Tasks.update(Tasks.task("w", TaskState.SHUTDOWN)));
        manager.awaitReport("w", TaskState.SHUTDOWN);
        assertThat(manager.sessionCount()).isEqualTo(2);
    }

    @Test // rule 7.14.5
    void aNodeThatWasRemovedKeepsItsTasksUntilItIsTold() throws Exception {
        Status removed = Status.PERMISSION_DENIED.withDescription("Permission denied: node me was removed from swarm");
        ScriptedManager manager = manager("a");
        known("a", 10);
        make().start();
        manager.awaitSessions(1);
        agent.worker().update(Tasks.update(Tasks.task("t", TaskState.RUNNING)));
        machine.awaitVerb("await t", 1);
        manager.refuseSessions(removed, removed);
        manager.endSession(removed);
        manager.awaitSessions(3);
        assertThat(agent.worker().running()).isEqualTo(1);

        assertThat(agent.leave(Duration.ofSeconds(10))).isTrue();

        assertThat(machine.verbs()).contains("shutdown t", "remove t");
        assertThat(new TaskJournal(directory).load()).isEmpty();
    }

    @Test
    void whoListensLateHearsTheLastMessageFirst() throws Exception {
        manager("a").lists("a", run + "a");
        known("a", 10);
        make().start();
        SessionMessage message = heard.poll(10, TimeUnit.SECONDS);
        BlockingQueue<SessionMessage> late = new LinkedBlockingQueue<>();
        agent.tell(late::add);
        assertThat(late.poll(10, TimeUnit.SECONDS)).isEqualTo(message);
    }

    private static Status untrusted() {
        return Status.UNAVAILABLE.withCause(new CertificateException("unknown authority"));
    }

    /** A channel that ends as one does whose TLS handshake failed. */
    private void distrusting(Remote remote) throws Exception {
        remotes.observe(remote, 100);
        failing = untrusted();
        make().start();
        tried.acquire(2);
    }

    @Test // rule 6.11.13
    void aJoiningNodeThatDoesNotTrustTheManagerItWasGivenSaysSo() throws Exception {
        distrusting(new Remote("", "192.0.2.1:4242"));
        assertThat(untrusted.getFirst())
                .isEqualTo("node me does not trust the manager at 192.0.2.1:4242: unknown authority; check the address"
                        + " and the token to join with");
    }

    @Test // rule 6.11.13
    void aManagerThatIsKnownFromBeforeIsTriedAgainWhateverItShows() throws Exception {
        distrusting(new Remote("a", "192.0.2.1:4242"));
        assertThat(untrusted).isEmpty();
    }
}
