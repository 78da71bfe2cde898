package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Ports;
import io.osmia.itests.harness.Services;
import io.osmia.itests.harness.Tmux;
import io.osmia.itests.harness.Wanted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shells inside a node: by the socket, at a terminal, by SSH. */
class ShellIT {

    private static final String HOST = "127.0.0.1";
    private static final String PROMPT = "osmia>";

    @TempDir(factory = OnDisk.class)
    static Path dir;

    private static final int PORT = Ports.free();

    private static Node node;

    @BeforeAll
    static void startNode() throws Exception {
        Path conf = Files.createDirectories(dir.resolve("node/conf"));
        Files.writeString(
                conf.resolve("authorized_keys"),
                "osmia-role=\"viewer\" " + key("viewer") + "\nosmia-role=\"operator\" " + key("operator") + "\n");
        key("stranger");
        node = new Node(dir.resolve("node"), "--listen-ssh", ":" + PORT).start();
        Services.create(node, "web", 2, "sleep", "100000");
        Services.create(node, "db", 1, "sh", "-c", "echo has started; exec sleep 100000");
        node.awaitRunning(3, Node.SOON);
    }

    @AfterAll
    static void end() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    private static String key(String name) throws Exception {
        Path file = dir.resolve(name);
        Distribution.Result made = Distribution.run(Map.of(), List.of(
                Wanted.command("ssh-keygen", "openssh-client").toString(),
                "-q", "-t", "ed25519", "-N", "", "-C", name + "@test", "-f", file.toString()));
        assertThat(made.code()).as(made.err()).isZero();
        return Files.readString(dir.resolve(name + ".pub")).strip();
    }

    @Test
    void oneLineIsRunInsideTheNode() throws Exception {
        Distribution.Result found = node.cli("shell", "osmia:service ls | grep web");
        assertThat(found.err()).isEmpty();
        assertThat(found.code()).isZero();
        assertThat(found.out()).contains("web").doesNotContain("db").hasLineCount(1);
        assertThat(node.cli("shell", "service ls | where name=db | get replicas;"
                + " task ls | where 'desired state'=RUNNING | count;"
                + " strategy ls | where name=spread | get services;"
                + " executor ls | get executors | grep -v process").out())
                .isEqualTo("1/1\n3\n2\n");
        Distribution.Result refused =
                node.cli("shell",
                        "quickstart || service ls > " + dir.resolve("file") + " || service ls | grep nothing");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("'osmia:quickstart' has no role");
        assertThat(dir.resolve("file")).doesNotExist();
    }

    @Test
    void aTerminalHasCompletionAndTables() throws Exception {
        try (Tmux tmux = new Tmux(dir.resolve("tmux"), 100, 30,
                Distribution.launcher() + " --socket " + node.socket() + " shell; echo left with $?; sleep 100")) {
            tmux.awaitPrompt(PROMPT);
            tmux.type("servi", "Tab", "l", "Tab").awaitText("logs");
            tmux.type("s", "Enter");
            tmux.awaitText("1/1");
            assertThat(tmux.awaitText("2/2")).contains("Name", "web", "1/1");
            tmux.type("service inspect w", "Tab", "Enter");
            assertThat(tmux.awaitText("Template")).contains("service inspect web");
            tmux.type("service logs --follow db", "Enter").awaitText("has started");
            // What was interrupted may say so itself, after the prompt.
            tmux.type("C-c").awaitText("interrupted");
            tmux.type("version", "Enter").awaitText("osmia io.osmia");
            tmux.type("nonsense", "Enter").awaitText("there is no command 'nonsense'");
            tmux.awaitPrompt(PROMPT).type("C-d").awaitText("left with 2");
            tmux.type("echo").type("C-c");
        }
    }

    @Test
    void aKeyLetsInByItsRole() throws Exception {
        assertThat(ssh("operator", "service ls | where name=web | get replicas").out()).isEqualTo("2/2\n");
        assertThat(ssh("viewer", "service ls | grep web").out()).contains("web");
        Distribution.Result refused = ssh("viewer", "service rm web");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("'osmia service rm' is for the role operator");
        assertThat(ssh("operator", "node leave").err()).contains("'osmia node leave' has no role");
        assertThat(ssh("viewer", "(service ls) getClass").err()).contains("for the role operator");
        assertThat(node.running()).hasSize(3);
        assertThat(node.logText()).containsPattern("let in as viewer, by the key .*viewer@test");
    }

    @Test
    void nothingButAKnownKeyLetsIn() throws Exception {
        assertThat(ssh("stranger", "version").err()).contains("Permission denied (publickey)");
        Distribution.Result password = Distribution.run(Map.of(), command(
                List.of("-o", "PubkeyAuthentication=no", "-o",
                        "PreferredAuthentications=password,keyboard-interactive"),
                "version"));
        assertThat(password.code()).isEqualTo(255);
        assertThat(password.err()).contains("Permission denied (publickey)");
        Path keys = node.stateDir().resolve("conf/authorized_keys");
        String all = Files.readString(keys);
        Files.writeString(keys, all.replace("osmia-role=\"operator\"", "# osmia-role=\"operator\""));
        assertThat(ssh("operator", "version").err()).contains("Permission denied (publickey)");
        Files.writeString(keys, all);
        assertThat(ssh("operator", "version").code()).isZero();
    }

    @Test
    void aTerminalByKeyIsOneOfItsRole() throws Exception {
        List<String> words = new ArrayList<>(identity("viewer"));
        words.add("-t");
        try (Tmux tmux = new Tmux(dir.resolve("tmux-ssh"), 100, 30, String.join(" ", command(words)))) {
            tmux.awaitText("osmia (viewer)>");
            tmux.type("service i", "Tab", "w", "Tab", "Enter");
            assertThat(tmux.awaitText("Template")).contains("service inspect web");
            tmux.type("service rm web", "Enter").awaitText("is for the role operator");
            tmux.type("exit", "Enter");
        }
        assertThat(node.running()).hasSize(3);
    }

    @Test
    void wrongSettingsEndTheNode() throws Exception {
        Path keys = Files.writeString(dir.resolve("keys"), key("other") + "\n");
        Distribution.Result none = Distribution.osmia("node", "--state-dir", dir.resolve("no").toString(),
                "--listen-remote-api", HOST + ":0", "--listen-ssh", ":0");
        assertThat(none.err()).contains("--ssh-authorized-keys", "conf/authorized_keys").hasLineCount(1);
        assertThat(none.code()).isEqualTo(1);
        Distribution.Result unsaid = Distribution.osmia("node", "--state-dir", dir.resolve("no").toString(),
                "--listen-remote-api", HOST + ":0", "--listen-ssh", ":0", "--ssh-authorized-keys", keys.toString());
        assertThat(unsaid.err()).contains(keys + ", line 1: says no role");
        assertThat(unsaid.code()).isEqualTo(1);
    }

    private static Distribution.Result ssh(String key, String line) throws Exception {
        return Distribution.run(Map.of(), command(identity(key), line));
    }

    private static List<String> identity(String key) {
        return List.of("-o", "IdentitiesOnly=yes", "-i", dir.resolve(key).toString());
    }

    private static List<String> command(List<String> more, String... line) {
        List<String> all = new ArrayList<>(List.of(
                Wanted.command("ssh", "openssh-client").toString(),
                "-F", "none", "-p", Integer.toString(PORT), "-l", "osmia",
                "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
                "-o", "IdentityAgent=none"));
        all.addAll(more);
        all.add(HOST);
        all.addAll(List.of(line));
        return all;
    }
}
