package io.osmia.shell;

import static io.osmia.shell.internal.command.Role.OPERATOR;
import static io.osmia.shell.internal.command.Role.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.shell.internal.gogo.Consoles;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines in a shell inside a node: pipes, roles, completion. */
class NodeShellTest {

    private Cli cli;
    private Consoles consoles;

    @BeforeEach
    void startNode() throws IOException {
        cli = new Cli();
        consoles = new Consoles(cli.socket());
        cli.control.services.add(service("id1", "web"));
        cli.control.services.add(service("id2", "db"));
    }

    @AfterEach
    void close() throws Exception {
        cli.close();
    }

    private static Service service(String id, String name) {
        return Service.newBuilder()
                .setId(id)
                .setSpec(ServiceSpec.newBuilder().setAnnotations(Annotations.newBuilder().setName(name)))
                .build();
    }

    @Test
    void aTableGoesThroughAPipeWithItsColumns() throws IOException {
        assertThat(consoles.run(VIEWER, "osmia:service ls | where NAME=web | get id"))
                .isEqualTo(new Consoles.Result(0, "id1\n", ""));
        assertThat(consoles.run(VIEWER, "service ls | where name!=web | get id name").out())
                .isEqualTo("ID   Name\n--   ----\nid2  db\n");
        assertThat(consoles.run(VIEWER, "service ls | sort name | get name").out()).isEqualTo("db\nweb\n");
        assertThat(consoles.run(VIEWER, "service ls | where name=w* | count").out()).isEqualTo("1\n");
    }

    @Test
    void textGoesThroughAPipeToo() throws IOException {
        assertThat(consoles.run(VIEWER, "osmia:service ls | grep w.b").out()).startsWith("id1").hasLineCount(1);
        assertThat(consoles.run(VIEWER, "service ls | grep nothing").code()).isEqualTo(1);
        assertThat(consoles.run(VIEWER, "service ls | head 2 | count --lines").out()).isEqualTo("2\n");
    }

    @Test
    void whatIsNoTableIsNotTakenForOne() throws IOException {
        assertThat(consoles.run(VIEWER, "version | get name").err()).contains("the command before it printed none");
        assertThat(consoles.run(VIEWER, "service ls | get nothing").err()).contains("no column 'nothing'", "Name");
        assertThat(consoles.run(VIEWER, "get name").err()).contains("takes what another command lists");
    }

    @Test
    void theExitCodeIsThatOfTheLastCommand() throws IOException {
        assertThat(consoles.run(OPERATOR, "service ls; service inspect nobody").code()).isEqualTo(1);
        assertThat(consoles.run(OPERATOR, "service inspect nobody; service ls").code()).isZero();
        assertThat(consoles.run(OPERATOR, "service inspect nobody && version").out()).isEmpty();
        assertThat(consoles.run(VIEWER, "service rm web || quickstart || service ls | count").out()).isEqualTo("2\n");
        assertThat(consoles.run(OPERATOR, "service ls --nonsense").code()).isEqualTo(2);
        assertThat(consoles.run(OPERATOR, "nonsense").code()).isEqualTo(2);
        assertThat(consoles.run(OPERATOR, "service 'ls").err()).contains("not understood");
    }

    @Test
    void withoutALineThoseOfTheInputAreRun() throws IOException {
        assertThat(consoles.run(VIEWER, "", "service ls | count\nversion\n").out()).startsWith("2\nosmia ");
    }

    @Test
    void aSessionGoesOnAfterACommandWasInterrupted() throws Exception {
        assertThat(consoles.interrupted(OPERATOR, "version").out()).startsWith("waits\n").contains("osmia io.osmia");
    }

    @Test
    void aViewerChangesNothing() throws IOException {
        Consoles.Result result = consoles.run(VIEWER, "service rm web");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).isEqualTo(
                "osmia: 'osmia service rm' is for the role operator, and this is a shell of a viewer\n");
        assertThat(cli.control.services).hasSize(2);
        assertThat(consoles.run(OPERATOR, "service rm web").code()).isZero();
        assertThat(cli.control.services).hasSize(1);
    }

    @Test
    void aViewerMayAskForHelp() throws IOException {
        assertThat(consoles.run(VIEWER, "service rm --help").out()).contains("Usage: osmia service rm");
        assertThat(consoles.run(VIEWER, "help service ls").out()).contains("Usage: osmia service ls", "--format");
        assertThat(consoles.run(VIEWER, "help").out()).contains("where", "service").doesNotContain("quickstart");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "x = 5",
        "service = web",
        "$x",
        "get $x",
        "(service ls)",
        "get (service ls)",
        "{ service ls }",
        "[a b]",
        "5 getClass",
        "'web' getClass",
        "\"web\" getClass",
        "true getClass",
        "NaN getClass",
        "service ls | 5 getClass",
        "grep \"$(service rm web)\"",
        "grep \"%(1+1)\"",
        "grep `service rm web`",
        "service ls &",
        "service ls |& grep web",
        "service ls > /tmp/osmia-viewer",
        "service ls 2> /tmp/osmia-viewer",
        "service ls < /etc/passwd",
        "service ls >| x",
        "service ls <<< $x",
        "get ~",
        "get {a,b}",
        "get \\$x"
    })
    void aViewerHasNoneOfTheLanguage(String line) throws IOException {
        Consoles.Result result = consoles.run(VIEWER, line);
        assertThat(result.code()).isNotZero();
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).containsAnyOf("for the role operator", "no command", "not understood");
        assertThat(Path.of("/tmp/osmia-viewer")).doesNotExist();
        assertThat(cli.control.services).hasSize(2);
    }

    @Test
    void anOperatorHasIt() throws IOException {
        assertThat(consoles.run(OPERATOR, "x = (service ls | get name); $x contains web").out()).isEqualTo("true\n");
    }

    @Test
    void nobodyReadsOrWritesFilesOfTheNode() throws IOException {
        Path file = cli.folder().resolve("file");
        Files.writeString(file, "secret\n");
        assertThat(consoles.run(OPERATOR, "service ls > " + file).err()).contains("reads and writes no files");
        assertThat(file).hasContent("secret");
        assertThat(consoles.run(OPERATOR, "grep s < " + file).out()).isEmpty();
        assertThat(consoles.run(VIEWER, "node ls @" + file).err()).contains("@" + file).doesNotContain("secret");
        consoles.with("acme", "look", "viewer");
        assertThat(consoles.run(OPERATOR, "look " + cli.folder() + "/*").out()).doesNotContain("/file");
    }

    @Test
    void aCommandWithoutRoleIsForNobody() throws IOException {
        consoles.with("acme", "wipe", "").with("acme", "look", "viewer").with("acme", "turn", "operator");
        assertThat(consoles.run(OPERATOR, "acme:wipe all").err()).contains("'acme:wipe' has no role");
        assertThat(consoles.run(OPERATOR, "wipe all").err()).contains("'acme:wipe' has no role");
        assertThat(consoles.run(OPERATOR, "quickstart").err()).contains("'osmia:quickstart' has no role");
        assertThat(consoles.run(OPERATOR, "node leave").err()).contains("'osmia node leave' has no role");
        assertThat(consoles.run(VIEWER, "look here").out()).isEqualTo("called with [here]\n");
        assertThat(consoles.run(VIEWER, "acme:turn it").err()).contains("is for the role operator");
        assertThat(consoles.run(OPERATOR, "acme:turn it").out()).isEqualTo("called with [it]\n");
    }

    @Test
    void theNodeIsTheOneThatIsAsked() throws IOException {
        assertThat(consoles.run(OPERATOR, "service ls --socket /tmp/other").err()).contains("--socket");
        assertThat(consoles.run(OPERATOR, "service ls --host h:1 --certificates /x").err()).contains("--host");
    }

    @Test
    void commandsAreCompleted() {
        assertThat(consoles.complete(VIEWER, "ser")).containsExactly("service");
        assertThat(consoles.complete(VIEWER, "osmia:ser")).containsExactly("osmia:service");
        assertThat(consoles.complete(VIEWER, "service", "l")).containsExactlyInAnyOrder("ls", "logs");
        assertThat(consoles.complete(OPERATOR, "osmia:service", "r")).containsExactly("rm");
        assertThat(consoles.complete(VIEWER, "service", "r")).isEmpty();
        assertThat(consoles.complete(OPERATOR, "node", "le")).isEmpty();
        assertThat(consoles.complete(OPERATOR, "quick")).isEmpty();
        assertThat(consoles.complete(VIEWER, "help", "service", "i")).containsExactly("inspect");
    }

    @Test
    void flagsAndTheirValuesAreCompleted() {
        assertThat(consoles.complete(VIEWER, "service", "ls", "--fo")).containsExactly("--format");
        assertThat(consoles.complete(VIEWER, "service", "ls", "--format", "")).containsExactly("table", "json");
        assertThat(consoles.complete(OPERATOR, "node", "update", "--availability", "d")).containsExactly("drain");
        assertThat(consoles.complete(VIEWER, "service", "ls", "--so")).isEmpty();
    }

    @Test
    void namesOfObjectsAreCompleted() throws IOException {
        // What is asked for the first time takes longer than who completes a word waits.
        assertThat(consoles.run(VIEWER, "service ls").code()).isZero();
        assertThat(consoles.complete(VIEWER, "service", "inspect", "")).containsExactly("db", "web");
        assertThat(consoles.complete(VIEWER, "version", ";", "service", "ps", "w")).containsExactly("web");
        assertThat(consoles.complete(VIEWER, "service", "ls", "|", "wh")).containsExactly("where");
    }
}
