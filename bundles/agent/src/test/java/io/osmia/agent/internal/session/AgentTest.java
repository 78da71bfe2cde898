package io.osmia.agent.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.osmia.agent.internal.journal.TaskJournal;
import io.osmia.agent.internal.task.Executors;
import io.osmia.agent.internal.task.FakeExecutor;
import io.osmia.agent.internal.task.FakeMachine;
import io.osmia.agent.internal.task.Tasks;
import io.osmia.dispatcher.internal.DispatcherComponent;
import io.osmia.roles.Caller;
import io.osmia.roles.Membership;
import io.osmia.roles.Registration;
import io.osmia.store.By;
import io.osmia.store.LocalStore;
import io.osmia.store.Subscription;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent against the real dispatcher, over gRPC. */
class AgentTest {

    private static final long TERM = 1;
    private static final String ADDRESS = "in-process";

    @TempDir
    private Path directory;

    private final AtomicLong ids = new AtomicLong();
    private final LocalStore store = new LocalStore(Instant::now);
    private final FakeMachine machine = new FakeMachine();
    private final Executors executors = new Executors();
    private final String server = "agent-test-" + System.nanoTime();
    private final FakeRemotes remotes = new FakeRemotes();
    private final List<String> untrusted = new CopyOnWriteArrayList<>();
    private DispatcherComponent dispatcher;
    private Server listener;
    private Agent agent;

    @BeforeEach
    void begin() throws IOException {
        store.update(TERM, tx -> tx.create(Table.NODES, Node.newBuilder().setId("me").build()));
        executors.add(new FakeExecutor(machine, "1"));
        lead();
        agent = agent();
        agent.managerHere(ADDRESS);
        agent.start();
    }

    private void lead() throws IOException {
        Membership membership = new Membership() {
            @Override
            public List<Member> members() {
                return List.of(new Member(1, "me", "0.0.0.0:4242", "", true, true));
            }

            @Override
            public Registration onChange(Runnable change) {
                return () -> {};
            }
        };
        dispatcher = new DispatcherComponent(
                () -> TERM, store, Instant::now, this::nextId, membership, new FakeNode("me"));
        listener = InProcessServerBuilder.forName(server)
                .directExecutor()
                .addService(ServerInterceptors.intercept(dispatcher.bindService(), new CallerIsMe()))
                .build()
                .start();
    }

    private String nextId() {
        return "session" + ids.incrementAndGet();
    }

    private static final class CallerIsMe implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            Caller me = new Caller("me", "swarm-manager", "cluster", "127.0.0.1:5", false);
            return Contexts.interceptCall(Context.current().withValue(Caller.KEY, me), call, headers, next);
        }
    }

    private Agent agent() throws IOException {
        NodeDescriber describer = new NodeDescriber("host", "0.1.0", 1, new FakeNode("me"), executors);
        return new Agent(
                "me",
                remotes,
                new TaskJournal(directory),
                executors,
                describer,
                this::connect,
                untrusted::add,
                Instant::now,
                new SplittableRandom(1));
    }

    private ManagedChannel connect(String address, String serverName) {
        // Whatever is advertised, a node reaches itself where it is bound.
        assertThat(address).isEqualTo(ADDRESS);
        return InProcessChannelBuilder.forName(server).directExecutor().build();
    }

    @AfterEach
    void end() throws Exception {
        agent.close();
        stepDown();
        store.close();
    }

    private void stepDown() throws Exception {
        dispatcher.stop();
        listener.shutdownNow();
        listener.awaitTermination(5, TimeUnit.SECONDS);
    }

    private void await(String what, Predicate<View> expected) throws InterruptedException {
        try (Subscription subscription = store.subscribe("test", 10_000)) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            View view = subscription.start();
            while (!expected.test(view)) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(what + " did not happen; tasks "
                            + view.find(Table.TASKS, By.ALL) + " nodes "
                            + view.find(Table.NODES, By.ALL));
                }
                subscription.poll(Duration.ofSeconds(1));
                view = store.view();
            }
        }
    }

    private void awaitState(String taskId, TaskState state) throws InterruptedException {
        await(taskId + " " + state, view -> {
            Task task = view.get(Table.TASKS, taskId);
            return task != null && task.getStatus().getState() == state;
        });
    }

    private void awaitNode(String what, Predicate<Node> expected) throws InterruptedException {
        await(what, view -> expected.test(view.get(Table.NODES, "me")));
    }

    private static boolean ready(Node node) {
        return node.getStatus().getState() == NodeStatus.State.READY;
    }

    private void create(String taskId) {
        store.update(TERM, tx -> tx.create(Table.TASKS, Tasks.task(taskId, TaskState.RUNNING)));
    }

    private void desire(String taskId, TaskState state) {
        store.update(TERM, tx -> tx.update(
                Table.TASKS, tx.get(Table.TASKS, taskId).toBuilder().setDesiredState(state).build()));
    }

    @Test
    void theNodeBecomesReadyWithItsDescription() throws Exception {
        awaitNode("READY", AgentTest::ready);
        Node node = store.view().get(Table.NODES, "me");
        assertThat(node.getDescription().getHostname()).isEqualTo("host");
        assertThat(node.getDescription().getEngine().getPluginsList()).hasSize(1);
        assertThat(node.getStatus().getAddr()).isEqualTo("127.0.0.1");
    }

    @Test // 12.3.2
    void aTaskRunsIsStoppedAndRemoved() throws Exception {
        create("t");
        awaitState("t", TaskState.RUNNING);
        assertThat(store.view().get(Table.TASKS, "t").getStatus().getAppliedBy()).isEqualTo("me");
        desire("t", TaskState.SHUTDOWN);
        awaitState("t", TaskState.SHUTDOWN);
        store.update(TERM, tx -> {
            tx.delete(Table.TASKS, "t");
            return true;
        });
        machine.awaitVerb("remove t", 1);
    }

    @Test
    void anExitIsReportedWithItsCode() throws Exception {
        create("t");
        awaitState("t", TaskState.RUNNING);
        machine.exit("t", 7);
        awaitState("t", TaskState.FAILED);
        assertThat(store.view().get(Table.TASKS, "t").getStatus().getErr()).isEqualTo("task: non-zero exit (7)");
        assertThat(store.view().get(Table.TASKS, "t").getStatus().getContainer().getExitCode()).isEqualTo(7);
    }

    @Test // AGT-006
    void anExecutorThatComesIsAnnouncedAtOnceWithinTheSession() throws Exception {
        awaitNode("READY", AgentTest::ready);
        long sessions = ids.get();
        executors.add(new FakeExecutor(machine, "2"));
        awaitNode("two executors", node -> node.getDescription().getEngine().getPluginsCount() == 2);
        assertThat(ids).hasValue(sessions);
    }

    @Test // AGT-007
    void aNewLeaderIsFoundAndToldEverythingAgain() throws Exception {
        create("t");
        awaitState("t", TaskState.RUNNING);
        stepDown();
        machine.exit("t", 0);
        store.update(TERM, tx -> tx.update(
                Table.NODES, tx.get(Table.NODES, "me").toBuilder().clearStatus().build()));
        lead();
        awaitState("t", TaskState.COMPLETE);
        awaitNode("READY", AgentTest::ready);
    }

    @Test // DIS-031
    void aLeaderChangeRestartsNoTask() throws Exception {
        create("t");
        awaitState("t", TaskState.RUNNING);
        machine.awaitVerb("await t", 1);
        Task before = store.view().get(Table.TASKS, "t");
        for (int i = 0; i < 3; i++) {
            stepDown();
            lead();
            awaitNode("READY", AgentTest::ready);
            create("after" + i);
            awaitState("after" + i, TaskState.RUNNING);
        }
        assertThat(store.view().get(Table.TASKS, "t")).isEqualTo(before);
        assertThat(machine.verbs().stream().filter(verb -> verb.endsWith(" t")))
                .containsExactly("handle t", "prepare t", "start t", "await t");
    }

    @Test // AGT-016
    void aRestartedAgentTakesItsTasksOver() throws Exception {
        create("t");
        awaitState("t", TaskState.RUNNING);
        machine.awaitVerb("await t", 1);
        long pid = machine.pid("t");
        agent.close();
        agent = agent();
        agent.managerHere(ADDRESS);
        agent.start();
        machine.awaitVerb("await t", 2);
        create("second");
        awaitState("second", TaskState.RUNNING);
        assertThat(machine.pid("t")).isEqualTo(pid);
        assertThat(store.view().get(Table.TASKS, "t").getStatus().getState()).isEqualTo(TaskState.RUNNING);
    }

    @Test
    void stoppingAllReportsTheEndAtTheNextStart() throws Exception {
        create("t");
        awaitState("t", TaskState.RUNNING);
        assertThat(agent.stopAll(Duration.ofSeconds(60))).isTrue();
        assertThat(store.view().get(Table.TASKS, "t").getStatus().getState()).isEqualTo(TaskState.RUNNING);
        agent.close();
        agent = agent();
        agent.managerHere(ADDRESS);
        agent.start();
        awaitState("t", TaskState.SHUTDOWN);
    }

    @Test
    void manyTasksReachRunning() throws Exception {
        for (int i = 0; i < 300; i++) {
            create("t" + i);
        }
        for (int i = 0; i < 300; i++) {
            awaitState("t" + i, TaskState.RUNNING);
        }
    }
}
