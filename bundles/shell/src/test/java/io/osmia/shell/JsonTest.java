package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.Service;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code --format json}. */
class JsonTest {

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
    void aListIsAnArrayWithTheNamesOfTheWire() {
        assertThat(cli.run("service", "ls", "--format", "json").out()).isEqualTo("[]\n");
        cli.control.services.add(Samples.service("a", "web", 1).toBuilder().setPendingDelete(true).build());
        cli.control.services.add(Samples.service("b", "zoo", 1));
        String out = cli.run("service", "ls", "--format=json").out();
        assertThat(out).startsWith("[\n  {\n    \"id\": \"a\"").endsWith("\n  }\n]\n").contains("\n  },\n  {\n");
        assertThat(out).contains("\"pending_delete\": true");
    }

    @Test
    void anObjectReadsBackAsItself() throws Exception {
        Service service = Samples.service("a", "web", 1);
        cli.control.services.add(service);
        String out = cli.run("service", "inspect", "web", "--format", "json").out();
        Service.Builder read = Service.newBuilder();
        JsonFormat.parser().merge(out, read);
        assertThat(read.build()).isEqualTo(service);
    }

    @Test
    void signsThatOnlyHtmlMindsAreNotEscaped() throws Exception {
        Service.Builder service = Samples.service("a", "web", 1).toBuilder();
        service.getSpecBuilder().getTaskBuilder().getPlacementBuilder().addConstraints("node.role==manager");
        service.getSpecBuilder().getTaskBuilder().getContainerBuilder().addArgs("\\u003d \\\\ \"<&>' \n \u0001");
        cli.control.services.add(service.build());
        String out = cli.run("service", "inspect", "web", "--format", "json").out();
        assertThat(out).contains("\"node.role==manager\"");
        Service.Builder read = Service.newBuilder();
        JsonFormat.parser().merge(out, read);
        assertThat(read.build()).isEqualTo(service.build());
    }

    @Test
    void aPayloadThatIsAContainerIsShownAsOne() {
        cli.control.services.add(generic(Any.pack(
                ContainerSpec.newBuilder().addCommand("date").build(), "example.org")));
        assertThat(cli.run("service", "inspect", "web", "--format", "json").out())
                .contains("\"@type\": \"example.org/docker.swarmkit.v1.ContainerSpec\"")
                .contains("\"command\": [\"date\"]");
    }

    @Test
    void aPayloadOfAnUnknownTypeDoesNotBreakTheList() {
        cli.control.services.add(generic(Any.newBuilder()
                .setTypeUrl("nonsense")
                .setValue(ByteString.copyFromUtf8("\377\377abc"))
                .build()));
        Cli.Result result = cli.run("service", "ls", "--format", "json");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("\"kind\": \"thing\"").contains("\"type_url\": \"nonsense\"");
    }

    private static Service generic(Any payload) {
        Service.Builder service = Service.newBuilder().setId("a");
        service.getSpecBuilder().getAnnotationsBuilder().setName("web");
        service.getSpecBuilder()
                .getTaskBuilder()
                .getGenericBuilder()
                .setKind("thing")
                .setPayload(payload);
        return service.build();
    }
}
