package io.osmia.node.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import io.osmia.ca.CaException;
import io.osmia.ca.NodeCertificates;
import io.osmia.raft.Exclusion;
import io.osmia.raft.RaftIdentity;
import io.osmia.raft.RaftNode;
import io.osmia.raft.StateException;
import io.osmia.roles.Membership.Member;
import io.osmia.roles.Remotes;
import io.osmia.roles.Remotes.Remote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node refuses to start from; it changes nothing then. */
class NodeStartTest {

    private static final AtomicInteger IDS = new AtomicInteger();
    private static final String ADDRESS = "127.0.0.1:4242";

    @TempDir
    private Path folder;

    private Path state;
    private NodeStart start;

    @BeforeEach
    void aNodeThatRanBefore() throws IOException {
        state = folder.resolve("state");
        start = ran(state);
    }

    /** Founds a cluster in the directory and stops again. */
    private static NodeStart ran(Path state) throws IOException {
        Files.createDirectories(state);
        NodeStart start = start(state);
        Remotes remotes = start.remotes();
        NodeCertificates certificates = start.certificates(remotes);
        try (RaftNode raft = start.raft(certificates, remotes, Exclusion.NOBODY)) {
            remotes.observe(new Remote(certificates.nodeId(), ADDRESS), Remotes.SERVED);
            assertThat(raft.members()).hasSize(1);
        }
        awaitClosed();
        return start;
    }

    /** What takes long to close is left behind, and writes on in the state directory. */
    private static void awaitClosed() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .noneMatch(Set.of("raft-keeper", "raft-snapshot", "raft-close")::contains));
    }

    private static NodeStart start(Path state) {
        return new NodeStart(
                new Flags(state).settings(), Instant::now, () -> "%025d".formatted(IDS.incrementAndGet()));
    }

    private NodeCertificates certificates() {
        return start.certificates(start.remotes());
    }

    private void refuses(String... texts) throws IOException {
        refuses(StateException.class, this::certificates, texts);
    }

    private void refuses(Class<? extends Exception> type, ThrowingCallable opening, String... texts)
            throws IOException {
        SortedMap<String, String> before = files(state);
        assertThatThrownBy(opening).isInstanceOf(type).hasMessageContainingAll(texts);
        assertThat(files(state)).as("what is in the state directory").isEqualTo(before);
    }

    private static SortedMap<String, String> files(Path folder) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Arrays.toString(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    private static void remove(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void takeFrom(Path other, String name) throws IOException {
        remove(state.resolve(name));
        Files.move(other.resolve(name), state.resolve(name));
    }

    @Test
    void aNodeComesBackAsItself() throws IOException {
        RaftIdentity before = RaftIdentity.read(state).orElseThrow();
        NodeCertificates certificates = certificates();
        try (RaftNode raft = start.raft(certificates, start.remotes(), Exclusion.NOBODY)) {
            assertThat(raft.members()).extracting(Member::nodeId).containsExactly(certificates.nodeId());
        }
        awaitClosed();
        assertThat(RaftIdentity.read(state)).contains(before);
        assertThat(before.nodeId()).isEqualTo(certificates.nodeId());
        assertThat(before.clusterId()).isEqualTo(certificates.clusterId());
    }

    @Test
    void aStartThatEndedBeforeTheRaftStateWasMadeIsContinued() throws IOException {
        Path fresh = folder.resolve("fresh");
        Files.createDirectories(fresh);
        start = start(fresh);
        String node = certificates().nodeId();

        assertThat(certificates().nodeId()).as("the same node").isEqualTo(node);
    }

    @Test
    void whoHasNotJoinedYetRemembersNoManagersAndMayFoundACluster() throws IOException {
        Path fresh = Files.createDirectories(folder.resolve("fresh"));
        start = start(fresh);
        start.remotes().observe(new Remote("", ADDRESS), Remotes.SERVED);
        assertThat(KnownManagers.file(fresh)).doesNotExist();

        Remotes remotes = start.remotes();
        start.certificates(remotes);
        remotes.observe(new Remote("", ADDRESS), Remotes.SERVED);
        assertThat(KnownManagers.file(fresh)).exists();
    }

    @Test
    void withoutCertificatesTheRaftStateIsNotTouched() throws IOException {
        remove(state.resolve("certificates"));
        String cluster = RaftIdentity.read(state).orElseThrow().clusterId();

        refuses("certificates/swarm-node.crt: is missing", "cluster " + cluster);
        assertThat(state.resolve("certificates")).doesNotExist();
    }

    @Test
    void withoutItsKeyTheNodeDoesNotStart() throws IOException {
        Files.delete(state.resolve("certificates").resolve("swarm-node.key"));

        refuses(CaException.class, this::certificates, "swarm-node.key is missing");
    }

    @Test
    void aManagerThatLostItsRaftStateDoesNotFoundAnother() throws IOException {
        remove(state.resolve("raft"));

        refuses(
                StateException.class,
                () -> start.raft(certificates(), start.remotes(), Exclusion.NOBODY),
                "raft: is missing",
                "was a manager before");
        assertThat(state.resolve("raft")).doesNotExist();
    }

    @Test
    void aLogWithoutItsOwnerIsRefusedByName() throws IOException {
        Files.delete(state.resolve("raft").resolve("member"));

        refuses("raft/member: is missing");
    }

    @Test
    void aLogWithoutItsOwnerIsRefusedThoughNothingElseIsThere() throws IOException {
        Path log = Files.createDirectories(folder.resolve("bare").resolve("raft").resolve("a-group"));
        state = folder.resolve("bare");
        start = start(state);

        refuses("raft/member: is missing");
        assertThat(state.resolve("certificates")).as("nothing is made beside %s", log).doesNotExist();
    }

    @Test
    void theRaftStateOfAnotherClusterIsRefused() throws IOException {
        Path other = folder.resolve("other");
        ran(other);
        String own = RaftIdentity.read(state).orElseThrow().clusterId();
        String foreign = RaftIdentity.read(other).orElseThrow().clusterId();
        takeFrom(other, "raft");

        refuses("raft: is the state of cluster " + foreign, "is of cluster " + own, "do not belong together");
    }

    @Test
    void theRaftStateOfAnotherNodeIsRefused() throws IOException {
        RaftIdentity own = RaftIdentity.read(state).orElseThrow();
        Path member = state.resolve("raft").resolve("member");
        Files.writeString(member, Files.readString(member).replace(own.nodeId(), "anothernode"));

        refuses("raft: is the state of node anothernode", "is of node " + own.nodeId());
    }

    @Test
    void anOwnerThatCannotBeReadIsNamed() throws IOException {
        Files.writeString(state.resolve("raft").resolve("member"), "no owner\n");

        refuses("raft/member: is damaged");
    }
}
