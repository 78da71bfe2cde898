package io.osmia.itests.harness;

import io.grpc.StatusRuntimeException;
import io.osmia.itests.harness.Proxy.Fate;
import io.osmia.wire.osmia.ManagerStatus;
import io.osmia.wire.swarmkit.JoinTokens;
import io.osmia.wire.swarmkit.ListClustersRequest;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.RaftMemberStatus;
import io.osmia.wire.swarmkit.Task;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * Nodes of one cluster, each a process with its own state directory and ports that it keeps. With proxies, every node
 * advertises the addresses of its proxies, so that all that goes between nodes goes through them.
 */
public final class Cluster implements AutoCloseable {

    public static final Duration BOUND = Duration.ofMinutes(3);

    private static final Duration POLL = Duration.ofMillis(50);

    private final Path dir;
    private final boolean proxied;
    private final Map<String, Seat> seats = new LinkedHashMap<>();
    private final Map<Node, Fate> cut = new ConcurrentHashMap<>();

    private Cluster(Path dir, boolean proxied) {
        this.dir = dir;
        this.proxied = proxied;
    }

    public static Cluster in(Path dir) {
        return new Cluster(dir, false);
    }

    public static Cluster behindProxies(Path dir) {
        return new Cluster(dir, true);
    }

    /** A node and what stands before its ports. */
    private record Seat(Node node, int apiPort, int raftPort, Optional<Proxy> api, Optional<Proxy> raft) {

        List<Proxy> proxies() {
            List<Proxy> proxies = new ArrayList<>();
            api.ifPresent(proxies::add);
            raft.ifPresent(proxies::add);
            return proxies;
        }
    }

    /** Founds the cluster. */
    public Node found(String name, String... flags) throws IOException {
        return add(name, flags).start();
    }

    /** Joins and waits until the leader says that the node is READY and, for a manager, that it can be reached. */
    public Node joinManager(String name, String... flags) throws IOException {
        Node node = newcomer(name, tokens().getManager(), flags);
        node.launch();
        awaitManager(node);
        return node;
    }

    public Node joinWorker(String name, String... flags) throws IOException {
        Node node = newcomer(name, tokens().getWorker(), flags);
        node.launch();
        awaitReady(node);
        return node;
    }

    /** A node that would join with this token, not yet started. */
    public Node newcomer(String name, String token, String... flags) throws IOException {
        String address = apiAddress(anyManager());
        Node node = add(name, flags).environment("OSMIA_JOIN_TOKEN", token);
        return node.flag("--join-addr", address);
    }

    /** A node with ports of its own, not yet started. */
    public Node add(String name, String... flags) throws IOException {
        int api = Ports.free();
        int raft = Ports.free();
        List<String> all = new ArrayList<>(List.of(
                "--hostname", name, "--listen-remote-api", "127.0.0.1:" + api, "--listen-raft-api",
                "127.0.0.1:" + raft));
        Optional<Proxy> apiProxy = Optional.empty();
        Optional<Proxy> raftProxy = Optional.empty();
        if (proxied) {
            apiProxy = Optional.of(new Proxy(new InetSocketAddress("127.0.0.1", api), from -> fate(name, from)));
            raftProxy = Optional.of(new Proxy(new InetSocketAddress("127.0.0.1", raft), from -> fate(name, from)));
            all.addAll(List.of("--advertise-remote-api", apiProxy.get().address()));
            all.addAll(List.of("--advertise-raft-api", raftProxy.get().address()));
        }
        all.addAll(List.of(flags));
        Node node = new Node(dir.resolve(name), all.toArray(String[]::new));
        seats.put(name, new Seat(node, api, raft, apiProxy, raftProxy));
        return node;
    }

    /** From its next start on the node listens at other ports. Without proxies only. */
    public void move(Node node) {
        Seat before = seat(node);
        Seat after = new Seat(node, Ports.free(), Ports.free(), before.api, before.raft);
        node.withoutFlag("--listen-remote-api", "127.0.0.1:" + before.apiPort)
                .withoutFlag("--listen-raft-api", "127.0.0.1:" + before.raftPort)
                .flag("--listen-remote-api", "127.0.0.1:" + after.apiPort)
                .flag("--listen-raft-api", "127.0.0.1:" + after.raftPort);
        seats.replaceAll((name, seat) -> seat.equals(before) ? after : seat);
    }

    public Node node(String name) {
        return seat(name).node;
    }

    public Collection<Node> nodes() {
        return seats.values().stream().map(Seat::node).toList();
    }

    /** Those whose certificate says so and whose process runs. */
    public List<Node> managers() {
        return nodes().stream()
                .filter(Node::isAlive)
                .filter(node -> node.role().equals(Optional.of("swarm-manager")))
                .toList();
    }

    /** Where other nodes reach its remote API. */
    public String apiAddress(Node node) {
        Seat seat = seat(node);
        return seat.api.map(Proxy::address).orElse("127.0.0.1:" + seat.apiPort);
    }

    /** Where other managers reach its raft port. */
    public String raftAddress(Node node) {
        Seat seat = seat(node);
        return seat.raft.map(Proxy::address).orElse("127.0.0.1:" + seat.raftPort);
    }

    public Proxy apiProxy(Node node) {
        return seat(node).api.orElseThrow();
    }

    public Proxy raftProxy(Node node) {
        return seat(node).raft.orElseThrow();
    }

    public List<Proxy> proxies() {
        return seats.values().stream().flatMap(seat -> seat.proxies().stream()).toList();
    }

    /** Cuts all connections between this node and the others, in both directions, until {@link #heal}. */
    public void cut(Node node, Fate how) {
        cut.put(node, how);
        proxies().forEach(Proxy::apply);
    }

    public void heal(Node node) {
        cut.remove(node);
        proxies().forEach(Proxy::apply);
    }

    /** Of a connection to this node: what is decided for it, else for the node that the connection comes from. */
    private Fate fate(String to, Socket from) {
        if (cut.isEmpty()) {
            return Fate.PASS;
        }
        Fate own = cut.get(node(to));
        if (own != null) {
            return own;
        }
        return cut.entrySet().stream()
                .filter(one -> one.getKey().isAlive())
                .filter(one -> SocketOwner.holds(one.getKey().process().pid(), from.getPort(), from.getLocalPort()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(Fate.PASS);
    }

    public JoinTokens tokens() {
        return anyManager()
                .control()
                .listClusters(ListClustersRequest.getDefaultInstance())
                .getClusters(0)
                .getRootCa()
                .getJoinTokens();
    }

    /** A manager that answers. */
    public Node anyManager() {
        return Awaitility.await("a manager that answers")
                .atMost(BOUND)
                .pollInterval(POLL)
                .until(() -> managers().stream().filter(Cluster::answers).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    private static boolean answers(Node node) {
        try {
            node.channel().resetConnectBackoff();
            node.control().withDeadlineAfter(5, java.util.concurrent.TimeUnit.SECONDS)
                    .listClusters(ListClustersRequest.getDefaultInstance());
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    /** The manager that the managers say leads. */
    public Node leader() {
        return Awaitility.await("a leader")
                .atMost(BOUND)
                .pollInterval(POLL)
                .until(this::knownLeader, Optional::isPresent)
                .orElseThrow();
    }

    private Optional<Node> knownLeader() {
        for (Node node : managers()) {
            try {
                node.channel().resetConnectBackoff();
                ManagerStatus status = node.managerStatus();
                if (status.getMember().getLeader()) {
                    return Optional.of(node);
                }
            } catch (StatusRuntimeException e) {
                continue;
            }
        }
        return Optional.empty();
    }

    /** The node's object as a manager answers it. */
    public Optional<io.osmia.wire.swarmkit.Node> object(Node node) {
        Optional<String> id = node.id();
        if (id.isEmpty()) {
            return Optional.empty();
        }
        for (Node manager : managers()) {
            try {
                manager.channel().resetConnectBackoff();
                return manager.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                        .filter(one -> one.getId().equals(id.get()))
                        .findFirst();
            } catch (StatusRuntimeException e) {
                continue;
            }
        }
        return Optional.empty();
    }

    public void await(String what, Node node, Predicate<io.osmia.wire.swarmkit.Node> wanted) {
        Awaitility.await(node.stateDir().getFileName() + " " + what)
                .atMost(BOUND)
                .pollInterval(POLL)
                .until(() -> {
                    requireAlive(node);
                    return object(node).filter(wanted).isPresent();
                });
    }

    private static void requireAlive(Node node) throws IOException {
        if (!node.isAlive()) {
            throw new AssertionError("node ended: " + node.logText());
        }
    }

    public void awaitReady(Node node) {
        await("is READY", node, one -> one.getStatus().getState() == NodeStatus.State.READY);
    }

    /** Waits until the leader says of all nodes at once that they are READY: each would be given tasks now. */
    public void awaitAllReady() {
        Awaitility.await("all " + seats.size() + " nodes are READY")
                .atMost(BOUND)
                .pollInterval(POLL)
                .ignoreException(StatusRuntimeException.class)
                .until(() -> leader().control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                        .filter(one -> one.getStatus().getState() == NodeStatus.State.READY)
                        .count() == seats.size());
    }

    /** READY, a reachable member, and its own API answers. */
    public void awaitManager(Node node) {
        await(
                "is a manager",
                node,
                one -> one.getStatus().getState() == NodeStatus.State.READY
                        && one.getManagerStatus().getReachability() == RaftMemberStatus.Reachability.REACHABLE
                        && answers(node));
    }

    /** READY, no member any more, and its certificate says so. */
    public void awaitWorker(Node node) {
        await(
                "is a worker",
                node,
                one -> one.getStatus().getState() == NodeStatus.State.READY
                        && !one.hasManagerStatus()
                        && node.role().equals(Optional.of("swarm-worker")));
    }

    /** Waits until so many tasks should run and do; returns them. */
    public List<Task> awaitRunning(int count, Duration bound) {
        return Awaitility.await(count + " tasks run")
                .atMost(bound)
                .pollInterval(POLL)
                .ignoreException(StatusRuntimeException.class)
                .until(() -> anyManager().running(), tasks -> tasks.size() == count);
    }

    /** The live processes of all tasks of all nodes. */
    public Map<String, HostProcesses.Identity> processes() throws IOException {
        Map<String, HostProcesses.Identity> all = new TreeMap<>();
        for (Node node : nodes()) {
            all.putAll(HostProcesses.live(node.stateDir()));
        }
        return all;
    }

    private Seat seat(String name) {
        return Optional.ofNullable(seats.get(name)).orElseThrow(() -> new IllegalArgumentException("no node " + name));
    }

    private Seat seat(Node node) {
        return seats.values().stream()
                .filter(seat -> seat.node.equals(node))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        List<AutoCloseable> open = new ArrayList<>(nodes());
        open.addAll(proxies());
        Closing.all(open);
    }
}
