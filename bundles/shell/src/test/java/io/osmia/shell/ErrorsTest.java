package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.Status;
import io.osmia.wire.swarmkit.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors are one line and an exit code that tells their kind. */
class ErrorsTest {

    private Cli cli;

    @BeforeEach
    void startNode() throws IOException {
        cli = new Cli();
    }

    @AfterEach
    void close() throws Exception {
        cli.close();
    }

    private String fails(int code, String... words) {
        Cli.Result result = cli.run(words);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("osmia: ").endsWith("\n");
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.code()).as(result.err()).isEqualTo(code);
        return result.err().strip().substring("osmia: ".length());
    }

    @Test
    void whatTheNodeRefusesIsSaidInItsWords() {
        cli.control.refusal = Status.INVALID_ARGUMENT.withDescription("name must be valid\nas a DNS name component");
        assertThat(fails(1, "service", "create", "--name", "_", "--image", "i"))
                .isEqualTo("name must be valid as a DNS name component");
    }

    @Test
    void aNodeThatGoesAwayIsNotReachable() {
        cli.control.refusal = Status.UNAVAILABLE.withDescription("gone");
        assertThat(fails(3, "service", "create", "--name", "a", "--image", "i")).contains("went away: gone");
    }

    @Test
    void aNodeThatSaysItselfWhatToDoIsNotGone() {
        cli.control.refusal = Status.UNAVAILABLE.withDescription("it knows no leader; try again");
        assertThat(fails(3, "service", "create", "--name", "a", "--image", "i"))
                .isEqualTo("it knows no leader; try again");
    }

    @Test
    void anAnswerOfManyMegabytesIsTaken() {
        var service = Samples.service("id", "a", 1);
        cli.control.services.add(service);
        for (int i = 1; i <= 3000; i++) {
            cli.control.tasks
                    .add(Samples.failing(Samples.task("t" + i, service, i, TaskState.PENDING), "x".repeat(3000)));
        }
        Cli.Result result = cli.run("service", "ps", "a", "-q");
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines()).hasSize(3000);
    }

    @Test
    void aSocketThatIsNotThereIsNamed() {
        Path socket = cli.folder().resolve("none");
        assertThat(fails(3, "--socket", socket.toString(), "node", "ls"))
                .startsWith("no node at " + socket + " (no such socket; a worker has none); is one running?")
                .contains("osmia quickstart")
                .contains("osmia node --state-dir DIR");
    }

    @Test
    void aSocketThatNobodyServesIsNotReachable() throws IOException {
        Path socket = cli.folder().resolve("dead");
        Files.createFile(socket);
        assertThat(fails(3, "node", "ls", "-s", socket.toString())).contains("(nothing answers)");
    }

    @Test
    void aSocketPathThatNoKernelTakesIsRefusedBeforeItIsTried() {
        assertThat(fails(3, "-s", "/" + "x".repeat(107), "node", "ls")).contains("108 bytes, a unix socket takes 107");
    }

    @Test
    void wrongUsagePointsToTheHelp() {
        assertThat(fails(2, "foo")).isEqualTo("'osmia' has no command 'foo' (see 'osmia --help')");
        assertThat(fails(2, "service", "foo"))
                .isEqualTo("'osmia service' has no command 'foo' (see 'osmia service --help')");
        assertThat(fails(2, "service", "ls", "--foo"))
                .isEqualTo("Unknown option: '--foo' (see 'osmia service ls --help')");
        assertThat(fails(2, "service", "rm"))
                .isEqualTo("Missing required parameter: 'SERVICE' (see 'osmia service rm --help')");
        assertThat(fails(2, "service", "ls", "x")).contains("'x'").contains("osmia service ls --help");
        assertThat(fails(2, "service", "ls", "--format", "xml")).contains("--format");
    }

    @Test
    void nameAndImageAreMandatory() {
        assertThat(fails(2, "service", "create", "--name", "a")).isEqualTo("--name and --image are mandatory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--ports", "--network", "--secret", "--config", "--log-driver", "--log-opt", "--npipe"})
    void aFlagOfSwarmctlThatIsNotThereYetSaysSo(String flag) {
        assertThat(fails(2, "service", "create", "--name", "a", "--image", "i", flag, "value"))
                .isEqualTo(flag + " is not supported yet");
        assertThat(fails(2, "service", "update", flag + "=value", "a")).isEqualTo(flag + " is not supported yet");
        assertThat(cli.control.changes).isEmpty();
    }

    @Test
    void aTimeoutWithoutWaitIsRefusedBeforeAnythingIsDone() {
        cli.control.services.add(Samples.service("id", "a", 1));
        String message = "--timeout says how long --wait waits; give --wait as well";
        assertThat(fails(2, "service", "create", "--name", "b", "--image", "i", "--timeout", "5s")).isEqualTo(message);
        assertThat(fails(2, "service", "update", "a", "--force", "--timeout", "5s")).isEqualTo(message);
        assertThat(fails(2, "service", "scale", "a=2", "--timeout", "5s")).isEqualTo(message);
        assertThat(cli.control.changes).isEmpty();
    }

    @Test
    void aMillionReplicasHaveToBeMeant() {
        cli.control.services.add(Samples.service("id", "a", 1));
        assertThat(fails(1, "service", "scale", "a=1000000")).startsWith("service a would get 1000000 replicas;");
        assertThat(fails(1, "service", "scale", "a=18446744073709551615")).contains("18446744073709551615");
        assertThat(cli.control.changes).isEmpty();
        assertThat(cli.run("service", "scale", "a=1000000", "--force").out()).isEqualTo("a scaled to 1000000\n");
        assertThat(cli.run("service", "scale", "a=100000").code()).isZero();
    }

    @Test
    void anUnknownCommandIsNotExplained() {
        assertThat(fails(2, "foo", "--help")).isEqualTo("'osmia' has no command 'foo' (see 'osmia --help')");
        assertThat(fails(2, "help", "service", "foo"))
                .isEqualTo("'osmia service' has no command 'foo' (see 'osmia service --help')");
        assertThat(fails(2, "--tls", "node", "foo", "-h")).contains("'osmia node' has no command 'foo'");
        assertThat(cli.run("service", "inspect", "foo", "--help").code()).isZero();
    }

    @Test
    void placesThatContradictEachOtherAreRefused() {
        assertThat(fails(2, "node", "ls", "--host", "h:1"))
                .startsWith("--host needs --certificates DIR");
        assertThat(fails(2, "node", "ls", "--certificates", "/c")).contains("name it with --host HOST:PORT");
        assertThat(fails(2, "node", "ls", "--host", "h:1", "--certificates", "/c", "-s", "/s"))
                .isEqualTo("--host and --socket name two places; give one of them");
        assertThat(fails(3, "node", "ls", "--host", "127.0.0.1:1", "--certificates", "/none"))
                .startsWith("cannot read /none/swarm-node.crt (NoSuchFileException);");
    }

    @Test
    void aValueThatLooksLikeAnUnsupportedFlagIsOnlyAValue() {
        cli.run("service", "create", "--name", "a", "--image", "i", "--args", "--network");
        assertThat(cli.control.changes).hasSize(1);
    }
}
