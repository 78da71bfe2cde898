package io.osmia.itests.input;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.HostProcesses;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Services;
import io.osmia.itests.harness.Wanted;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.RemoveServiceRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node does not start from a state directory that is not as it should be, and leaves it as it was. */
class StateDirectoryIT {

    private static final String[] KEPT = {"first", "second", "third"};

    /** Pairs of writes after which there is a snapshot, and few objects. */
    private static final int PAIRS = 520;

    @TempDir(factory = OnDisk.class)
    static Path dir;

    private static Path good;

    /** One node's directory after kill -9, with a snapshot and a log behind it. */
    @BeforeAll
    static void makeAState() throws Exception {
        good = dir.resolve("good");
        try (Node node = new Node(good).start()) {
            for (String name : KEPT) {
                Services.create(node, name, 0, "true");
            }
            for (int i = 0; i < PAIRS; i++) {
                String id = Services.create(node, "passing", 0, "true").getId();
                node.control().removeService(RemoveServiceRequest.newBuilder().setServiceId(id).build());
            }
            node.awaitLog("raft: snapshot at entry");
        }
    }

    @Test
    void oneOfANewerFormatIsRefusedWithBothNumbers() throws Exception {
        Path state = copy("newer", false);
        Files.writeString(state.resolve("format"), "2\n");
        assertThat(refusal(state)).contains(state.resolve("format").toString(), "of format 2,", "up to 1;");
    }

    @Test
    void aDamagedLogRecordIsNamed() throws Exception {
        Path state = copy("log");
        LogSegment segment = LogSegment.openIn(state);
        LogSegment.Record damaged = segment.inTheMiddle();
        LogSegment.flip(segment.file(), damaged.middle());
        assertThat(refusal(state)).contains(segment.file() + ": the record at byte " + damaged.begin(), "is damaged");
    }

    @Test
    void aDamagedSnapshotIsNamed() throws Exception {
        Path state = copy("snapshot");
        Path snapshot = LogSegment.find(state, "snapshot\\.\\d+_\\d+");
        LogSegment.flip(snapshot, (int) Files.size(snapshot) / 2);
        assertThat(refusal(state)).contains(snapshot + ": the snapshot does not fit its checksum");
    }

    @ParameterizedTest
    @ValueSource(strings = {"swarm-node\\.crt", "swarm-node\\.key", "member", "raft-meta"})
    void aTruncatedFileIsNamed(String name) throws Exception {
        Path state = copy("truncated-" + name.hashCode());
        Path file = LogSegment.find(state, name);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 3));
        assertThat(refusal(state)).contains(file.toString());
    }

    @Test
    void certificateAndRaftStateOfTwoClustersDoNotGoTogether() throws Exception {
        Path other = dir.resolve("other");
        try (Node node = new Node(other)) {
            node.start();
        }
        Path state = copy("swapped");
        Path own = state.resolve("certificates");
        try (Stream<Path> files = Files.list(other.resolve("certificates"))) {
            for (Path file : files.toList()) {
                Files.write(own.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
        assertThat(refusal(state)).contains(state.resolve("raft").toString(), "the two do not belong together");
    }

    @Test
    void oneThatIsInUseIsRefusedAndItsNodeGoesOn() throws Exception {
        try (Node node = new Node(copy("used"))) {
            node.start();
            // Its own files come and go while it runs; what the refused one changes is to be seen.
            node.freeze();
            String refusal = refusal(node.stateDir());
            node.thaw();
            assertThat(refusal)
                    .contains(node.stateDir() + ": is in use by another node (pid " + node.process().pid() + ")");
            assertKept(node);
        }
    }

    /** The directory itself, or what a node of another user has left in it. */
    @ParameterizedTest
    @ValueSource(strings = {"", "raft", "raft/member", "worker/tasks", "felix-cache"})
    void oneThatIsNotWritableIsRefused(String what) throws Exception {
        Path state = copy("readonly-" + what.replace('/', '-'), false);
        Files.createDirectory(state.resolve("felix-cache"));
        Path path = what.isEmpty() ? state : state.resolve(what);
        boolean folder = Files.isDirectory(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(folder ? "r-x------" : "r--------"));
        assertThat(refusal(state, ordinary())).contains(path + ": is not writable by user ");
    }

    /** Root may write anywhere; without that right it is like anybody else. */
    private static List<String> ordinary() {
        return Wanted.isRoot()
                ? List.of(Wanted.command("setpriv", "util-linux").toString(), "--bounding-set=-dac_override")
                : List.of();
    }

    @Test
    void aTornLastRecordIsCutOffAndLogged() throws Exception {
        Path state = copy("torn");
        LogSegment.openIn(state).tear();
        try (Node node = new Node(state)) {
            node.start();
            assertThat(node.logText()).contains("the last record, from byte ", "is cut off");
            assertKept(node);
        }
    }

    @Test
    void aDamagedTaskFileIsNamedAndItsProcessRunsOn() throws Exception {
        try (Node node = new Node(copy("journal"))) {
            node.start();
            Services.create(node, "runs", 1, "sleep", "100000");
            node.awaitRunning(1, Node.SOON);
            Map<String, HostProcesses.Identity> before = HostProcesses.live(node.stateDir());
            node.kill();
            Path file = node.stateDir().resolve("worker/tasks/" + before.keySet().iterator().next() + ".task");
            Files.write(file, new byte[] {1, 2, 3});

            node.start();
            node.awaitRunning(1, Node.SOON);
            assertThat(HostProcesses.live(node.stateDir())).isEqualTo(before).hasSize(1);
            node.awaitLog(file + " cannot be read");
        }
    }

    private static void assertKept(Node node) {
        assertThat(node.control().listServices(ListServicesRequest.getDefaultInstance()).getServicesList())
                .extracting(service -> service.getSpec().getAnnotations().getName())
                .containsExactlyInAnyOrder(KEPT);
    }

    private static Path copy(String name) throws Exception {
        return copy(name, true);
    }

    /** @param runs whether a framework will be started in it; its cache is most of the bytes */
    private static Path copy(String name, boolean runs) throws Exception {
        Path copy = dir.resolve(name);
        List<String> command = new ArrayList<>(List.of("cp", "-a", "-t", copy.toString()));
        Files.createDirectory(copy, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (Stream<Path> entries = Files.list(good)) {
            entries.filter(entry -> runs || !entry.endsWith("felix-cache")).forEach(e -> command.add(e.toString()));
        }
        assertThat(Distribution.run(Map.of(), command).err()).isEmpty();
        return copy;
    }

    private static String refusal(Path state) throws Exception {
        return refusal(state, List.of());
    }

    /** The one line with which a start ends at once, having changed nothing. */
    private static String refusal(Path state, List<String> prefix) throws Exception {
        Map<String, String> before = StateTree.of(state);
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(Distribution.launcher(), "node", "--state-dir", state.toString()));
        command.addAll(List.of("--listen-remote-api", "127.0.0.1:0"));
        Distribution.Result result = Distribution.run(Map.of(), command, Duration.ofSeconds(60));
        assertThat(result.code()).as(result.err()).isEqualTo(1);
        assertThat(StateTree.difference(before, StateTree.of(state))).isEmpty();
        List<String> lines =
                result.err().lines().filter(line -> !line.contains(" INFO ")).toList();
        assertThat(lines).hasSize(1);
        return lines.getFirst();
    }
}
