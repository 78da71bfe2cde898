package io.osmia.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The words after {@code osmia node}. */
class NodeCommandLineTest {

    private static NodeCommandLine parse(String... args) throws UsageException {
        return NodeCommandLine.parse(List.of(args), Map.of());
    }

    private static void refuses(String message, String... args) {
        assertThatThrownBy(() -> parse(args)).isInstanceOf(UsageException.class).hasMessage(message);
    }

    @Test
    void withoutWordsHelpIsWanted() throws UsageException {
        assertThat(parse().help()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h"})
    void helpIsWantedAmongOtherFlagsToo(String help) throws UsageException {
        assertThat(parse("--state-dir", "/s", help).help()).isTrue();
        assertThat(parse("--state-dir", "/s").help()).isFalse();
    }

    @Test
    void onlyWhatWasGivenIsSet() throws UsageException {
        assertThat(parse("--state-dir", "/s").properties()).isEqualTo(Map.of("osmia.state.dir", "/s"));
    }

    @Test
    void aValueFollowsOrStandsBehindAnEqualsSign() throws UsageException {
        Map<String, String> expected = Map.of("osmia.hostname", "a=b", "osmia.listen.remote", "[::1]:0");

        assertThat(parse("--hostname", "a=b", "--listen-remote-api", "[::1]:0").properties()).isEqualTo(expected);
        assertThat(parse("--hostname=a=b", "--listen-remote-api=[::1]:0").properties()).isEqualTo(expected);
    }

    @Test
    void theLastOfSeveralCounts() throws UsageException {
        assertThat(parse("--hostname", "a", "--hostname", "b").values()).containsEntry(NodeFlag.HOSTNAME, "b");
    }

    @Test
    void aSwitchNeedsNoValueAndTakesTrueAndFalse() throws UsageException {
        assertThat(parse("--allow-host-processes", "--stop-tasks-on-exit").properties())
                .isEqualTo(Map.of("osmia.process.enabled", "true", "osmia.stop.tasks", "true"));
        assertThat(parse("--allow-host-processes=false").properties())
                .isEqualTo(Map.of("osmia.process.enabled", "false"));
        refuses("--allow-host-processes is true or false, not 'yes'", "--allow-host-processes=yes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--engine-addr", "--external-ca=x", "--listen-metrics", "--generic-node-resources"})
    void whatComesLaterIsRefusedAsSuch(String flag) {
        refuses(flag.replaceAll("=.*", "") + " is not supported yet", flag, "value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--state", "-state-dir", "state-dir", "--Hostname", "", "--"})
    void anythingElseIsUnknown(String word) {
        refuses("unknown flag " + word + "; 'osmia node --help' lists the flags", word);
    }

    @ParameterizedTest
    @EnumSource(NodeFlag.class)
    void aFlagWithoutItsValueIsRefused(NodeFlag flag) throws UsageException {
        if (flag.takesArgument()) {
            refuses(flag.flag() + " needs a value", flag.flag());
        } else {
            assertThat(parse(flag.flag()).values()).containsEntry(flag, "true");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--state-dir", "--listen-control-api", "--hostname"})
    void anEmptyValueIsNone(String flag) {
        refuses(flag + " needs a value", flag, " ");
        refuses(flag + " needs a value", flag + "=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4242", "host", "host:", "host:65536", "host:http", "a host:1", "::1:x", "host:-1", ""})
    void anAddressIsHostAndPort(String address) {
        refuses("--listen-remote-api takes HOST:PORT, not '" + address + "'", "--listen-remote-api=" + address);
        refuses("--advertise-remote-api takes HOST:PORT, not '" + address + "'", "--advertise-remote-api=" + address);
        refuses("--listen-raft-api takes HOST:PORT, not '" + address + "'", "--listen-raft-api=" + address);
        refuses("--advertise-raft-api takes HOST:PORT, not '" + address + "'", "--advertise-raft-api=" + address);
        refuses("--join-addr takes HOST:PORT, not '" + address + "'", "--join-addr=" + address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:4242", ":4242", "host:0", "[::]:65535"})
    void addressesOfAllKindsAreTaken(String address) throws UsageException {
        assertThat(parse("--listen-remote-api", address).properties())
                .isEqualTo(Map.of("osmia.listen.remote", address));
    }

    @Test
    void choicesAreNamed() throws UsageException {
        refuses("--availability is one of active, pause, drain, not 'Active'", "--availability", "Active");
        refuses("--log-level is one of error, warn, info, debug, not 'all'", "--log-level=all");
        assertThat(parse("--availability", "drain", "--log-level=debug").properties())
                .isEqualTo(Map.of("osmia.availability", "drain", "osmia.log.level", "debug"));
    }

    @Test
    void noTwoFlagsSetTheSameKey() {
        assertThat(Arrays.stream(NodeFlag.values()).map(NodeFlag::key)).doesNotHaveDuplicates();
        assertThat(Arrays.stream(NodeFlag.values()).map(NodeFlag::flag)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "root, /state, /var/lib/osmia",
        "root, '', /var/lib/osmia",
        "ann, /state, /state/osmia",
        "ann, /state/../other/, /other/osmia",
        "ann, '', /home/ann/.local/state/osmia"
    })
    void theStateDirectoryHasADefault(String user, String xdg, String expected) throws UsageException {
        NodeCommandLine line = parse("--log-level", "info");

        assertThat(line.stateDir(Map.of("XDG_STATE_HOME", xdg), user, "/home/ann")).isEqualTo(Path.of(expected));
    }

    @Test
    void withoutXdgStateHomeItIsBelowTheHomeDirectory() throws UsageException {
        assertThat(parse("--log-level", "info").stateDir(Map.of(), "ann", "/home/ann"))
                .isEqualTo(Path.of("/home/ann/.local/state/osmia"));
    }

    @Test
    void aGivenStateDirectoryIsTakenFromTheWorkingDirectoryOn() throws UsageException {
        assertThat(parse("--state-dir", "a/../b").stateDir(Map.of("XDG_STATE_HOME", "/x"), "root", "/root"))
                .isEqualTo(Path.of("b").toAbsolutePath());
    }
}
