package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.osmia.wire.osmia.LogLine;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.TaskState;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Output of tasks: rule 10.3.10. */
class LogsTest {

    private Cli cli;
    private final Service web = Samples.service("web1id", "web", 1);

    @BeforeEach
    void fillNode() throws IOException {
        cli = new Cli();
        cli.control.services.add(web);
        cli.control.nodes.add(Samples.node("node1id", "one", NodeStatus.State.READY));
        cli.control.tasks.add(Samples.task("t1", web, 1, TaskState.RUNNING));
        cli.lines.add(line(LogLine.Stream.STDOUT, "héllo"));
        cli.lines.add(line(LogLine.Stream.STDERR, "oops"));
    }

    @AfterEach
    void close() throws Exception {
        cli.close();
    }

    private static LogLine line(LogLine.Stream stream, String text) {
        return LogLine.newBuilder()
                .setTaskId("t1")
                .setNodeId("node1id")
                .setStream(stream)
                .setData(ByteString.copyFromUtf8(text))
                .build();
    }

    @Test
    void linesCarryTheirOriginAndStreamsStayApart() {
        Cli.Result result = cli.run("service", "logs", "web");
        assertThat(result.out()).isEqualTo("web.1@one❯ héllo\n");
        assertThat(result.err()).isEqualTo("web.1@one❯ oops\n");
        assertThat(result.code()).isZero();
        assertThat(cli.logRequests.getFirst().getServiceIdsList()).containsExactly("web1id");
        assertThat(cli.logRequests.getFirst().getFollow()).isFalse();
    }

    @Test
    void followAndTailReachTheNode() {
        cli.run("task", "logs", "-f", "--tail", "3", "web.1");
        assertThat(cli.logRequests.getFirst().getTaskIdsList()).containsExactly("t1");
        assertThat(cli.logRequests.getFirst().getFollow()).isTrue();
        assertThat(cli.logRequests.getFirst().getTail()).isEqualTo(3);
    }

    @Test
    void withoutNamesTheOriginIsIds() {
        assertThat(cli.run("-n", "svc", "log", "web").out()).isEqualTo("t1@node1id❯ héllo\n");
    }
}
