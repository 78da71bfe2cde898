package io.osmia.itests.peers;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.RawCalls;
import io.osmia.shell.Place;
import io.osmia.shell.internal.connect.Connections;
import io.osmia.wire.NonNullable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real SwarmKit manager, that of a Docker daemon: our command line talks to it, and its answers are samples for ours. */
class SwarmKitPeerIT {

    /** A field that nobody has. */
    private static final UnknownFieldSet NEWER = UnknownFieldSet.newBuilder()
            .addField(
                    4000,
                    UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(ByteString.copyFromUtf8("newer"))
                            .build())
            .build();

    /** What we sent empty ourselves, what it copied from that, and what its own engine sent empty for networks. */
    private static final Set<String> GIVEN = names(
            "ContainerSpec.dns_config",
            "ContainerSpec.stop_grace_period",
            "Endpoint.spec",
            "IPAMOptions.driver",
            "Mount.volume_options",
            "NetworkSpec.driver_config",
            "ResourceRequirements.reservations",
            "Service.previous_spec_version",
            "Service.spec_version",
            "ServiceSpec.endpoint",
            "Task.spec_version");

    @TempDir
    static Path dir;

    private static Dockerd dockerd;
    private static List<Samples.Sample> samples = List.of();

    /** Before each test and not before all: tests that are left out are counted and say why. */
    @BeforeEach
    void startDockerdOnce() throws Exception {
        if (dockerd == null) {
            dockerd = Dockerd.start(dir);
            samples = Samples
                    .take(new RawCalls(new Connections().connect(new Place.Socket(dockerd.controlSocket(), true))));
        }
    }

    @AfterAll
    static void stopDockerd() throws Exception {
        if (dockerd != null) {
            dockerd.close();
        }
    }

    @Test
    void ourCommandLineListsItsNodes() throws Exception {
        List<String> nodes = Awaitility.await("its only node is READY, and leads")
                .atMost(Node.SOON)
                .until(() -> osmia("node", "ls").lines(), SwarmKitPeerIT::showsLeader);
        assertThat(nodes).hasSize(3);
        assertThat(nodes.getLast()).contains("ACTIVE");
        String id = nodes.getLast().split(" ")[0];
        assertThat(osmia("node", "inspect", id, "--format", "json").out()).contains("\"id\": \"" + id + "\"");
        assertThat(osmia("cluster", "inspect", "default").out()).contains("SWMTKN-1-");
    }

    private static boolean showsLeader(List<String> nodes) {
        return nodes.getLast().contains("READY") && nodes.getLast().contains("REACHABLE *");
    }

    @Test
    void ourCommandLineCreatesListsUpdatesAndRemovesAServiceThere() throws Exception {
        String id = osmia("service", "create", "--name", "web", "--image", "busybox", "--replicas", "0").out().strip();
        assertThat(id).matches("[0-9a-z]{25}");
        assertThat(osmia("service", "ls").out()).containsPattern(id + " +web +busybox +0/0\n");

        osmia("service", "update", "web", "--label", "changed=yes");
        assertThat(osmia("service", "inspect", "web", "--format", "json").out())
                .contains("\"changed\": \"yes\"", "\"previous_spec\": {");

        osmia("service", "rm", "web");
        assertThat(osmia("service", "ls").out()).doesNotContain(id);
    }

    @Test
    void anErrorOfItsIsOneLineOfOurs() throws Exception {
        Distribution.Result result = run("service", "inspect", "nobody");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err().lines()).singleElement().asString().startsWith("osmia: ").contains("nobody");
    }

    @Test
    void whatItAnswersIsKnownAndKeptToTheByte() throws Exception {
        for (Samples.Sample sample : samples) {
            Message read = read(sample);
            assertThat(Presence.withUnknownFields(read)).as("unknown in %s", sample).isEmpty();
            assertThat(read.toByteArray()).as(sample.method()).isEqualTo(sample.bytes());
        }
    }

    @Test
    void whatItLeavesOutWeLeaveOut() throws Exception {
        for (Samples.Sample sample : samples) {
            Message read = read(sample);
            assertThat(NonNullable.fill(read).toByteArray()).as(sample.method()).isEqualTo(sample.bytes());
        }
    }

    /** Rule 1.1.8: the empty sub-messages in its answers are those that we put there, and no others. */
    @Test
    void whatItSendsEmptyWeSendEmpty() throws Exception {
        Set<String> empty = new TreeSet<>();
        for (Samples.Sample sample : samples) {
            Message read = read(sample);
            empty.addAll(Presence.emptyNullableFields(read));
            Message stripped = Presence.withoutEmptyNonNullable(read);
            assertThat(NonNullable.fill(stripped).toByteArray())
                    .as(sample.method())
                    .isEqualTo(sample.bytes());
        }
        assertThat(empty).as("empty sub-messages that may be absent").isEqualTo(GIVEN);
    }

    @Test
    void whatANewerOneAddsIsKept() throws Exception {
        for (Samples.Sample sample : samples) {
            Message newer = Presence.withUnknownFieldEverywhere(read(sample), NEWER);
            byte[] bytes = newer.toByteArray();
            Message again = read(new Samples.Sample(sample.method(), sample.type(), bytes));
            assertThat(NonNullable.fill(again).toByteArray()).as(sample.method()).isEqualTo(bytes);
        }
    }

    private static Set<String> names(String... inPackage) {
        return Arrays.stream(inPackage)
                .map(name -> "docker.swarmkit.v1." + name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Message read(Samples.Sample sample) throws Exception {
        return sample.type().getParserForType().parseFrom(sample.bytes());
    }

    private static Distribution.Result osmia(String... words) throws Exception {
        Distribution.Result result = run(words);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        return result;
    }

    private static Distribution.Result run(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("--socket", dockerd.controlSocket().toString()));
        all.addAll(List.of(words));
        return Distribution.osmia(all.toArray(String[]::new));
    }
}
