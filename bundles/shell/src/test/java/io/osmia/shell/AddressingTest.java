package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.RemoveServiceRequest;
import io.osmia.wire.swarmkit.RemoveTaskRequest;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.TaskState;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How objects are named: rule 10.1.4. */
class AddressingTest {

    private Cli cli;
    private final Service web = Samples.service("abc1", "web", 1);

    @BeforeEach
    void fillNode() throws IOException {
        cli = new Cli();
        cli.control.services.add(web);
        cli.control.services.add(Samples.service("abc2", "db", 1));
        cli.control.services.add(Samples.service("xyz", "abc", 1));
    }

    @AfterEach
    void close() throws Exception {
        cli.close();
    }

    private String removed(String given) {
        cli.control.changes.clear();
        Cli.Result result = cli.run("service", "rm", given);
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo(given + "\n");
        return cli.control.onlyChange(RemoveServiceRequest.class).getServiceId();
    }

    @Test
    void aFullIdIsMeantFirst() {
        cli.control.services.add(Samples.service("other", "abc1", 1));
        assertThat(removed("abc1")).isEqualTo("abc1");
    }

    @Test
    void anExactNameGoesBeforeAPrefixOfAnId() {
        assertThat(removed("abc")).isEqualTo("xyz");
    }

    @Test
    void aPrefixThatOneIdHasIsEnough() {
        assertThat(removed("x")).isEqualTo("xyz");
    }

    @Test
    void anAmbiguousPrefixTellsHowManyItCouldBe() {
        Cli.Result result = cli.run("service", "rm", "ab");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("osmia: service ab is ambiguous (2 matches found); give more of the id\n");
        assertThat(cli.control.changes).isEmpty();
    }

    @Test
    void anUnknownNameTellsWhereToLook() {
        Cli.Result result = cli.run("service", "rm", "web", "nobody");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEqualTo("web\n");
        assertThat(result.err())
                .isEqualTo("osmia: service nobody not found; 'osmia service ls' shows what there is\n");
    }

    @Test
    void aTaskAnswersToServiceAndSlotWhileItShouldRun() {
        cli.control.tasks.add(Samples.history(Samples.task("old", web, 1, TaskState.FAILED), TaskState.FAILED));
        cli.control.tasks.add(Samples.task("new", web, 1, TaskState.RUNNING));
        assertThat(cli.run("task", "rm", "web.1").err()).isEmpty();
        assertThat(cli.control.onlyChange(RemoveTaskRequest.class).getTaskId()).isEqualTo("new");
        assertThat(cli.run("task", "rm", "web.2").code()).isEqualTo(1);
    }

    @Test
    void aNodeAnswersToItsHostName() {
        cli.control.nodes.add(Samples.node("node1id", "one", NodeStatus.State.READY));
        assertThat(cli.run("node", "inspect", "one").out()).startsWith("ID ");
        assertThat(cli.run("node", "drain", "node1").out()).isEqualTo("node1id\n");
        assertThat(cli.run("node", "activate", "one").err()).isEqualTo("osmia: Node one is already active\n");
    }
}
