package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.osmia.Plugin;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code osmia plugin} over several nodes. */
class RolloutTest {

    private static final int SIZE = 3_000_000;

    private Cli cli;
    private Path jar;

    @BeforeEach
    void startThreeNodes() throws IOException {
        cli = new Cli();
        jar = Files.write(cli.folder().resolve("process.jar"), new byte[SIZE]);
        for (String name : List.of("one", "two", "three")) {
            put(Samples.node("id-" + name, name, NodeStatus.State.READY));
            cli.nodePlugins.plugins.put("id-" + name, plugin("1.0.0"));
        }
    }

    private static Plugin plugin(String version) {
        return Plugin.newBuilder()
                .setName("process")
                .setSymbolicName("io.osmia.executor.process")
                .setKind("executor")
                .setState("active")
                .setVersion(version)
                .build();
    }

    private void put(Node node) {
        cli.control.nodes.removeIf(known -> known.getId().equals(node.getId()));
        cli.control.nodes.add(node);
    }

    @AfterEach
    void close() throws Exception {
        cli.close();
    }

    private Cli.Result run(String... words) {
        return cli.run(words);
    }

    @Test
    void theWholeJarGoesToEachNodeByName() {
        Cli.Result result = run("plugin", "update", "--all", jar.toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("""
                one: executor process 2.0.0 is active in place of 1.0.0
                three: executor process 2.0.0 is active in place of 1.0.0
                two: executor process 2.0.0 is active in place of 1.0.0
                """);
        assertThat(cli.nodePlugins.asked)
                .containsExactly("id-one INSTALL " + SIZE, "id-three INSTALL " + SIZE, "id-two INSTALL " + SIZE);
    }

    @Test
    void namedNodesAloneAreTouched() {
        assertThat(run("plugin", "install", "--node", "two", "--node", "id-one", jar.toString()).out())
                .startsWith("one: ")
                .contains("\ntwo: ")
                .doesNotContain("three");
        assertThat(run("plugin", "install", "--node", "nobody", jar.toString()).err())
                .contains("node nobody not found");
    }

    @Test
    void theFirstRefusalStopsAndSaysWhereAndWhyAndWhatIsLeft() {
        cli.nodePlugins.refusals.put("id-three", "it does not start");
        Cli.Result result = run("plugin", "update", "--all", jar.toString());
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEqualTo("one: executor process 2.0.0 is active in place of 1.0.0\n");
        assertThat(result.err())
                .isEqualTo("osmia: node three: it does not start; stopped there, not touched: two; done: one;"
                        + " 'osmia plugin rollback --all --version 2.0.0 process' takes it back\n");
    }

    @Test
    void itGoesOnWhenItIsToldTo() {
        cli.nodePlugins.refusals.put("id-three", "it does not start");
        Cli.Result result =
                run("plugin", "update", "--all", "--parallelism", "3", "--on-failure", "continue", jar.toString());
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).contains("one: ", "two: ");
        assertThat(result.err()).contains("node three: it does not start; done: one, two");
    }

    @Test
    void aNodeThatIsAwayKeepsAllFromBeingTouched() {
        cli.nodePlugins.plugins.remove("id-two");
        put(Samples.node("id-two", "two", NodeStatus.State.DOWN));
        Cli.Result result = run("plugin", "update", "--all", jar.toString());
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("osmia: node two: it is DOWN; node id-two is away; nothing was changed on any node: ");
        assertThat(cli.nodePlugins.asked).isEmpty();
        Cli.Result others = run("plugin", "update", "--all", "--on-failure", "continue", jar.toString());
        assertThat(others.out()).contains("one: ", "three: ");
        assertThat(others.err()).contains("node two: it is DOWN; node id-two is away; done: one, three");
    }

    @Test
    void aDryRunAsksAllOfThem() {
        cli.nodePlugins.refusals.put("id-one", "it does not fit");
        Cli.Result result = run("plugin", "update", "--all", "--dry-run", jar.toString());
        assertThat(result.out()).isEqualTo("""
                three: executor process 2.0.0 would be active in place of 1.0.0
                two: executor process 2.0.0 would be active in place of 1.0.0
                """);
        assertThat(result.err()).isEqualTo("osmia: node one: it does not fit\n");
        assertThat(cli.nodePlugins.asked).hasSize(3).allMatch(order -> order.contains("INSTALL dry"));
    }

    @Test
    void aNodeThatHasTheJarIsPassedOverWhenTheCommandIsRepeated() throws Exception {
        String digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar)));
        cli.nodePlugins.plugins.put("id-one", plugin("2.0.0").toBuilder().setDigest(digest).build());
        assertThat(run("plugin", "update", "--all", jar.toString()).out())
                .startsWith("one: this jar is active there already\n");
        assertThat(cli.nodePlugins.asked).hasSize(2);
    }

    @Test
    void rollbackTakesBackOneVersionWhereItIs() {
        cli.nodePlugins.plugins.put("id-one", plugin("2.0.0"));
        Cli.Result unclear = run("plugin", "rollback", "--all", "process");
        assertThat(unclear.code()).isEqualTo(1);
        assertThat(unclear.err()).contains(
                "plugin process is not the same everywhere: 1.0.0 on three, two; 2.0.0 on one; say with --version");
        assertThat(cli.nodePlugins.asked).isEmpty();
        assertThat(run("plugin", "rollback", "--all", "--version", "2.0.0", "process").out())
                .contains("one: executor process", "three: passed over, it has 1.0.0", "two: passed over");
        assertThat(cli.nodePlugins.asked).containsExactly("id-one ROLLBACK");
        assertThat(run("plugin", "rollback", "--node", "two", "process").code()).isZero();
    }

    @Test
    void removeTakesItAwayWhereItIs() {
        cli.nodePlugins.plugins.put("id-one", plugin("1.0.0").toBuilder().setState("refused").build());
        assertThat(run("plugin", "remove", "--all", "process").out())
                .contains("one: passed over, the plugin is not active there", "two: executor process 1.0.0 is removed");
        assertThat(cli.nodePlugins.asked).containsExactly("id-three REMOVE", "id-two REMOVE");
    }

    @Test
    void theListShowsEachNodeAndWhoIsAway() {
        cli.nodePlugins.plugins.remove("id-two");
        String table = run("plugin", "ls", "--all").out();
        assertThat(table.lines().findFirst().orElseThrow())
                .matches("Node +Name +Kind +Version +State +File +Message *");
        assertThat(table).containsPattern("one +process +executor +1.0.0 +active").containsPattern(
                "two +away +node id-two is away");
        assertThat(run("plugin", "ls", "--node", "one", "--format", "json").out()).contains("id-one");
        assertThat(run("plugin", "inspect", "--node", "three", "process").out()).contains("1.0.0");
    }

    @Test
    void nodesThatRunSomethingElseAreNotAmongAll() {
        Node.Builder stock = Samples.node("id-four", "four", NodeStatus.State.READY).toBuilder();
        stock.getDescriptionBuilder().getEngineBuilder().setEngineVersion("26.1.5");
        put(stock.build());
        assertThat(run("plugin", "ls", "--all").out()).doesNotContain("four");
        assertThat(run("plugin", "ls", "--node", "four").out()).contains("four").contains("away");
    }

    @Test
    void flagsOfARolloutNeedNodes() {
        assertThat(run("plugin", "update", "--parallelism", "2", jar.toString()).err()).contains("--node or --all");
        assertThat(run("plugin", "rollback", "--version", "2.0.0", "process").err()).contains("--node or --all");
        assertThat(run("plugin", "update", "--all", "--parallelism", "0", jar.toString()).err()).contains("at least 1");
        assertThat(run("plugin", "ls", "--all", "--node", "one").err()).contains("leave --node away");
        assertThat(cli.nodePlugins.asked).isEmpty();
    }
}
