package io.osmia.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code osmia node leave}, with a process that stands for the node. */
class LeaveTest {

    private static final String WORKER = """
            -----BEGIN CERTIFICATE-----
            MIIBSTCB7wIUF1/XO+1wA0lUgiwUGFbnl9p8YtMwCgYIKoZIzj0EAwIwEzERMA8G
            A1UEAwwIc3dhcm0tY2EwHhcNMjYxMTIxMTI0NDM0WhcNMjYxMTIyMTI0NDM0WjA7
            MRAwDgYDVQQKDAdjbHVzdGVyMRUwEwYDVQQLDAxzd2FybS13b3JrZXIxEDAOBgNV
            BAMMB25vZGUyaWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASOlYiFl2sDbCt4
            JP/unXgStuvpHSzzXOcYXY5d1fuxAL8WHsBVISbfswhOJTrOthoErRb0pOwZNCuW
            dVKbVPdBMAoGCCqGSM49BAMCA0kAMEYCIQCH0cUI3h68eYP3I5HruVYKMdxcM7LK
            f53/pfEWw9vMwQIhAPLX34c2mz71saq7zp005BNJrWxju7mv+AaWHWdpLlnZ
            -----END CERTIFICATE-----
            """;

    private static final String MANAGER = """
            -----BEGIN CERTIFICATE-----
            MIIBSDCB8AIUF1/XO+1wA0lUgiwUGFbnl9p8YtQwCgYIKoZIzj0EAwIwEzERMA8G
            A1UEAwwIc3dhcm0tY2EwHhcNMjYxMTIxMTI1MjU4WhcNMjYxMTIyMTI1MjU4WjA8
            MRAwDgYDVQQKDAdjbHVzdGVyMRYwFAYDVQQLDA1zd2FybS1tYW5hZ2VyMRAwDgYD
            VQQDDAdub2RlMWlkMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjpWIhZdrA2wr
            eCT/7p14Erbr6R0s81znGF2OXdX7sQC/Fh7AVSEm37MITiU6zrYaBK0W9KTsGTQr
            lnVSm1T3QTAKBggqhkjOPQQDAgNHADBEAiBEZ3bfOkBDhundNK+I2CAZ3WNLum2F
            oSsXDteXONrZhwIgbdKiH+oBQIn59px4lNtMVsPS5gbTUwhv8tamHLFwXTM=
            -----END CERTIFICATE-----
            """;

    @TempDir
    private Path state;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void beAWorker() throws IOException {
        certificate(WORKER);
        for (String file : List.of("raft/log/1", "worker/tasks/t", "state.json", "node.lock", "conf/kept")) {
            Files.createDirectories(state.resolve(file).getParent());
            Files.writeString(state.resolve(file), "");
        }
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    private void certificate(String pem) throws IOException {
        Files.createDirectories(state.resolve("certificates"));
        Files.writeString(state.resolve("certificates/swarm-node.crt"), pem);
    }

    private int leave(String... more) {
        List<String> words = new ArrayList<>(List.of("node", "leave", "--state-dir", state.toString()));
        words.addAll(List.of(more));
        return OnDisk.run(words, Map.of(), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    private Process node(String atTheEnd) throws IOException {
        Process node = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), HoldsStateDirectory.class.getName(), state.toString(), atTheEnd)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(node);
        BufferedReader lines = node.inputReader();
        assertThat(lines.readLine()).isEqualTo("held");
        return node;
    }

    @Test
    void aNodeThatRunsIsAskedAndEnds() throws Exception {
        Process node = node("leaves");
        assertThat(leave()).as(said()).isZero();
        assertThat(said())
                .startsWith("node node2id has left its cluster; 'osmia node rm --force node2id' at a manager");
        assertThat(node.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(state.resolve("leave")).doesNotExist();
    }

    @Test
    void aNodeThatEndsWithoutHavingLeftIsNotSaidToHave() throws Exception {
        node("only ends");
        assertThat(leave()).isEqualTo(1);
        assertThat(said())
                .isEqualTo("osmia node leave: the node ended before it had left; start it and say this again\n");
        assertThat(state.resolve("leave")).exists();
    }

    @Test
    void aManagerIsDemotedFirst() throws Exception {
        certificate(MANAGER);
        Process node = node("leaves");
        assertThat(leave()).isEqualTo(1);
        assertThat(said()).startsWith("osmia node leave: node node1id is a manager; make it a worker first, with "
                + "'osmia node demote node1id'");
        assertThat(node.isAlive()).isTrue();
        assertThat(state.resolve("leave")).doesNotExist();
        assertThat(leave("--force")).as(said()).isZero();
    }

    @Test
    void withoutANodeNobodyWouldEndTheTasks() {
        assertThat(leave()).isEqualTo(1);
        assertThat(said()).contains("no node runs on " + state);
        assertThat(state.resolve("certificates/swarm-node.crt")).exists();
        assertThat(state.resolve("worker/tasks/t")).exists();
    }

    @Test
    void byForceTheIdentityIsRemovedAndTheRestKept() {
        assertThat(leave("--force")).as(said()).isZero();
        for (String gone : List.of("certificates", "raft", "worker", "state.json")) {
            assertThat(state.resolve(gone)).doesNotExist();
        }
        assertThat(state.resolve("conf/kept")).exists();
    }

    @Test
    void whereThereIsNoNodeNothingLeaves() throws IOException {
        Files.delete(state.resolve("certificates/swarm-node.crt"));
        assertThat(leave()).isEqualTo(1);
        assertThat(said()).contains("there is no node in " + state);
    }

    @Test
    void aKeyThatIsEncryptedIsLocked() throws IOException {
        assertThat(UnlockPrompt.isLocked(state)).isFalse();
        Path key = state.resolve("certificates/swarm-node.key");
        Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nkek-version: 0\n");
        assertThat(UnlockPrompt.isLocked(state)).isFalse();
        Files.writeString(key, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nkek-version: 9\n");
        assertThat(UnlockPrompt.isLocked(state)).isTrue();
    }

    @Test
    void otherFlagsAreRefused() {
        assertThat(leave("--hostname", "x")).isEqualTo(1);
        assertThat(said()).startsWith("osmia node leave: takes --state-dir and --force");
        assertThat(leave("--foo")).isEqualTo(1);
    }
}
