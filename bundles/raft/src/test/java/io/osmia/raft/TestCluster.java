package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import io.osmia.raft.RaftConfig.Addresses;
import io.osmia.raft.RaftConfig.Start;
import io.osmia.roles.Membership.Member;
import io.osmia.roles.MembershipException;
import io.osmia.store.StoreException;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.ratis.util.CodeInjectionForTesting;
import org.awaitility.core.ConditionFactory;

/** Several raft nodes in this process, on loopback, with certificates of their own. */
final class TestCluster implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(20);

    /** For what waits for an election, or for a change of the members, which alone may take 25 s. */
    static final Duration PATIENT = Duration.ofSeconds(60);

    private static final Duration CLOSED = Duration.ofMinutes(2);
    static final String CLUSTER = "cluster1";

    /** One manager while it runs. */
    static final class Node {

        final String name;
        final RaftNode raft;
        final AtomicLong term = new AtomicLong();

        Node(String name, RaftNode raft) {
            this.name = name;
            this.raft = raft;
            raft.onLeadership(now -> term.set(now.orElse(0)));
        }

        boolean leads() {
            return term.get() != 0;
        }

        <R> R update(Function<Tx, R> body) {
            return raft.update(term.get(), body);
        }

        /** Does nothing when it is there. */
        void create(String id) {
            update(Fixture.creatingOnce(Fixture.node(id)));
        }

        boolean has(String id) {
            return raft.view().get(Table.NODES, id) != null;
        }

        List<Long> memberIds() {
            return raft.members().stream().map(Member::raftId).toList();
        }
    }

    final TestCa ca = new TestCa(CLUSTER);
    final Map<String, Node> nodes = new ConcurrentSkipListMap<>();
    final Set<String> removed = ConcurrentHashMap.newKeySet();
    private final Set<String> cut = ConcurrentHashMap.newKeySet();
    private final Path directory;
    private final RaftLimits limits;

    TestCluster(Path directory, RaftLimits limits) {
        this.directory = directory;
        this.limits = limits;
    }

    static long raftId(String name) {
        return 0x1000 + name.charAt(name.length() - 1);
    }

    RaftConfig config(String name, Start start) throws Exception {
        return new RaftConfig(
                directory.resolve(name),
                new RaftIdentity(CLUSTER, raftId(name), name),
                start,
                new Addresses(api(name), "127.0.0.1:0", ""),
                () -> Instant.EPOCH,
                limits,
                ca.manager(name),
                null,
                (node, certificate) -> removed.contains(node) || cut.contains(node) || cut.contains(name)
                        ? Optional.of("was removed from the cluster")
                        : Optional.empty());
    }

    Node open(String name, Start start) throws Exception {
        return open(config(name, start));
    }

    Node open(RaftConfig config) {
        String name = config.identity().nodeId();
        Node node = new Node(name, RaftNode.open(config));
        nodes.put(name, node);
        return node;
    }

    /** Founds with the first and lets the others join. */
    void form(String... names) throws Exception {
        open(names[0], Start.FOUND);
        leader();
        for (int i = 1; i < names.length; i++) {
            join(names[i]);
        }
    }

    Node join(String name) throws Exception {
        Node joining = open(name, Start.JOIN);
        add(joining);
        soon().until(joining.raft::joined);
        return joining;
    }

    void add(Node joining) {
        asLeader(leader -> leader.raft.add(member(joining)));
    }

    void remove(String name) {
        asLeader(leader -> {
            if (leader.memberIds().contains(raftId(name))) {
                leader.raft.remove(raftId(name));
            }
        });
    }

    /** Moves leadership there. */
    void leadBy(String name) {
        soon().atMost(PATIENT).until(() -> {
            asLeader(leader -> leader.raft.transferLeadership(id(name)));
            return node(name).leads();
        });
    }

    static Member member(Node node) {
        return member(node.name, node.raft.raftAddress());
    }

    static Member member(String name, String raftAddress) {
        return new Member(raftId(name), name, api(name), raftAddress, false, true);
    }

    static String api(String name) {
        return "127.0.0.1:" + (4000 + name.charAt(name.length() - 1));
    }

    Node node(String name) {
        return nodes.get(name);
    }

    /** Waits for the one that leads. */
    Node leader() {
        Optional<Node> now = leads(nodes.values());
        return now.orElseGet(() -> soon().until(() -> leads(nodes.values()), Optional::isPresent).orElseThrow());
    }

    private static Optional<Node> leads(Collection<Node> some) {
        return some.stream().filter(Node::leads).findFirst();
    }

    /**
     * Lets whoever leads do it. As clients do, it asks again, maybe another one, when that is what it is told; so a change that
     * came about without a word is made twice.
     */
    void asLeader(Consumer<Node> change) {
        asLeaderOf(nodes.values(), change);
    }

    /** The same, while others may believe that they lead. */
    static void asLeaderOf(Collection<Node> some, Consumer<Node> change) {
        soon().atMost(PATIENT).ignoreExceptionsMatching(TestCluster::passes).until(() -> {
            Optional<Node> leader = leads(some);
            leader.ifPresent(change);
            return leader.isPresent();
        });
    }

    private static boolean passes(Throwable refusal) {
        return switch (refusal) {
            case StoreException e -> e.reason().passes();
            case MembershipException e -> e.reason() != MembershipException.Reason.UNKNOWN_MEMBER;
            default -> false;
        };
    }

    /** Fails after 20 s. */
    static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).atMost(SOON);
    }

    /** Starts one again that was stopped; its raft port is another one then, if somebody took the former one. */
    Node restart(String name) throws Exception {
        Node node = open(name, Start.RECOVER);
        if (nodes.size() > 1) {
            add(node);
        }
        return node;
    }

    /** The same, of all that are needed to elect a leader. */
    void restartAll(String... names) throws Exception {
        for (String name : names) {
            open(name, Start.RECOVER);
        }
        for (String name : names) {
            add(node(name));
        }
    }

    Node follower() {
        Node leader = leader();
        return nodes.values().stream().filter(n -> n != leader).findFirst().orElseThrow();
    }

    /** Writes through whoever leads. */
    void create(String id) {
        asLeader(leader -> leader.create(id));
    }

    void create(io.osmia.wire.swarmkit.Node node) {
        asLeader(leader -> leader.update(Fixture.creatingOnce(node)));
    }

    /** From now on it hears nobody, and nobody hears it. */
    void cut(String name) {
        cut.add(name);
        List.of("RaftServerImpl.appendEntries", "RaftServerImpl.requestVote")
                .forEach(call -> CodeInjectionForTesting.put(call, this::refuseWhenCut));
    }

    private boolean refuseWhenCut(Object to, Object from, Object... arguments) {
        if (Stream.of(to, from).anyMatch(id -> cut.contains(String.valueOf(id).replaceAll(".*\\.", "")))) {
            throw new IllegalStateException("cut off");
        }
        return false;
    }

    void heal() {
        cut.clear();
    }

    void stop(String name) {
        Node node = nodes.remove(name);
        assertThat(node).as(name).isNotNull();
        node.raft.close();
    }

    void awaitEverywhere(String id) {
        awaitOn(nodes.values(), id);
    }

    void awaitOn(Collection<Node> all, String id) {
        soon().untilAsserted(() -> assertThat(all).allMatch(n -> n.has(id), "has " + id));
    }

    void awaitMembers(String... names) {
        List<Long> expected =
                Arrays.stream(names).map(TestCluster::raftId).sorted().toList();
        soon()
                .untilAsserted(() -> assertThat(nodes.values())
                        .allSatisfy(n -> assertThat(n.memberIds()).as(n.name).isEqualTo(expected)));
    }

    static OptionalLong id(String name) {
        return OptionalLong.of(raftId(name));
    }

    /** All at once: none hands over to another that goes too. */
    @Override
    public void close() {
        nodes.values().stream()
                .map(n -> Thread.ofVirtual().start(n.raft::close))
                .toList()
                .forEach(TestCluster::join);
        nodes.clear();
    }

    private static void join(Thread thread) {
        try {
            assertThat(thread.join(CLOSED)).as("a node is closed").isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
