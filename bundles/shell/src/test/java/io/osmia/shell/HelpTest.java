package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.shell.internal.command.CommandTree;
import io.osmia.shell.internal.command.Standing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Help at every level. */
class HelpTest {

    private Cli cli;

    @BeforeEach
    void startNode() throws IOException {
        cli = new Cli();
    }

    @AfterEach
    void close() throws Exception {
        cli.close();
    }

    @Test
    void everyCommandAndGroupExplainsItself() {
        List<String> names = new ArrayList<>();
        collect(CommandTree.of(
                new Surroundings(System.in, System.out, System.err, cli.environment, "", cli::now, pause -> {},
                        place -> {
                            throw new NotReachable("not asked");
                        }),
                Standing.COMMAND_LINE,
                "--help").root(), names);
        assertThat(names).contains("osmia", "osmia service create", "osmia node drain", "osmia quickstart");
        for (String name : names) {
            List<String> words = new ArrayList<>(List.of(name.split(" ")));
            words.removeFirst();
            words.add("--help");
            Cli.Result result = cli.run(words.toArray(String[]::new));
            assertThat(result.code()).as(name).isZero();
            assertThat(result.err()).as(name).isEmpty();
            assertThat(result.out()).contains("Usage: " + name);
            assertThat(result.out().lines()).as(name).allMatch(line -> line.length() <= 80);
        }
    }

    private static void collect(CommandLine line, List<String> names) {
        names.add(line.getCommandSpec().qualifiedName());
        new java.util.LinkedHashSet<>(line.getSubcommands().values()).forEach(sub -> collect(sub, names));
    }

    @Test
    void commandsThatAskNoNodeListNoFlagsOfNodes() {
        assertThat(cli.run("cluster", "recover", "--help").out())
                .contains("--state-dir", "--dry-run", "--help")
                .doesNotContain("--socket", "--linearizable", "--no-resolve", "--host", "--tls");
        assertThat(cli.run("node", "leave", "--help").out()).contains("--force").doesNotContain("--socket");
        assertThat(cli.run("cluster", "ls", "--help").out()).contains("--socket");
    }

    @Test
    void theHelpCommandIsTheHelpFlag() {
        assertThat(cli.run("help")).isEqualTo(cli.run("--help"));
        assertThat(cli.run("help", "service", "ls")).isEqualTo(cli.run("service", "ls", "--help"));
        assertThat(cli.run("help", "service", "ls").out()).contains("Usage: osmia service ls");
    }

    @Test
    void helpTellsHowToRunANode() {
        assertThat(cli.run("help").out()).contains("'osmia node --state-dir DIR'").contains("osmia quickstart");
        assertThat(cli.run("help", "node").out()).contains("'osmia node --help'");
    }

    @Test
    void bareGroupsShowTheirCommands() {
        assertThat(cli.run().out()).contains("quickstart").contains("service, svc");
        assertThat(cli.run("service").out()).contains("rm, remove").contains("logs, log");
        assertThat(cli.run("service").code()).isZero();
    }

    @Test
    void versionNamesTheProgram() {
        assertThat(cli.run("--version")).isEqualTo(cli.run("version"));
        assertThat(cli.run("-V").code()).isZero();
        assertThat(cli.run("version").out()).matches("osmia io\\.osmia \\d+\\.\\d+\\.\\d+.*\n");
    }
}
