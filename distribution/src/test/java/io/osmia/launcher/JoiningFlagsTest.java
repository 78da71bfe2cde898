package io.osmia.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a node is told to join, to unlock, and to go on alone. */
class JoiningFlagsTest {

    /** The test vector of rule 12.2.1. */
    private static final String TOKEN =
            "SWMTKN-1-4nb7oofka9ml8nasnokxxc1unhmtpr1wxsuwhpd9km3vt5as31-000avh9he7dy896m08s18udxr";
    /** Rule 12.2.3. */
    private static final String KEY = "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    @TempDir
    private Path folder;

    private static Map<String, String> parse(Map<String, String> env, String... args) throws UsageException {
        return NodeCommandLine.parse(List.of(args), env).properties();
    }

    private static void refuses(String message, Map<String, String> env, String... args) {
        assertThatThrownBy(() -> parse(env, args)).isInstanceOf(UsageException.class).hasMessageStartingWith(message);
    }

    @Test
    void addressAndTokenAreHandedOver() throws UsageException {
        assertThat(parse(Map.of(), "--join-addr", "h:4242", "--join-token", TOKEN))
                .isEqualTo(Map.of("osmia.join.addr", "h:4242", "osmia.join.token", TOKEN));
        String fips = TOKEN.replace("SWMTKN-1", "SWMTKN-2-1");
        assertThat(parse(Map.of(), "--join-addr", "h:4242", "--join-token", fips))
                .containsEntry("osmia.join.token", fips);
    }

    @Test
    void secretsComeFromTheEnvironment() throws UsageException {
        Map<String, String> env = Map.of("OSMIA_JOIN_TOKEN", TOKEN + "\n", "OSMIA_UNLOCK_KEY", KEY);

        assertThat(parse(env, "--join-addr=h:1")).isEqualTo(
                Map.of("osmia.join.addr", "h:1", "osmia.join.token", TOKEN, "osmia.unlock.key", KEY));
    }

    @Test
    void theFlagGoesBeforeTheEnvironment() throws UsageException {
        assertThat(parse(Map.of("OSMIA_UNLOCK_KEY", "wrong"), "--unlock-key", KEY))
                .isEqualTo(Map.of("osmia.unlock.key", KEY));
    }

    @Test
    void secretsComeFromAFile() throws UsageException, IOException {
        Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");

        assertThat(parse(Map.of(), "--join-addr=h:1", "--join-token=@" + file))
                .containsEntry("osmia.join.token", TOKEN);
        refuses("--unlock-key: cannot read " + folder.resolve("none"), Map.of(),
                "--unlock-key", "@" + folder.resolve("none"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SWMTKN-1-abc-def", "SWMTKN-3-0", "x", "",
        "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"})
    void aTokenOfAnotherFormIsRefusedAndNotRepeated(String token) {
        assertThatThrownBy(() -> parse(Map.of(), "--join-addr=h:1", "--join-token=" + token))
                .isInstanceOf(UsageException.class)
                .hasMessage("invalid join token; 'osmia cluster join-token worker' on a manager prints the right one");
    }

    @Test
    void anUnlockKeyOfAnotherFormIsRefused() {
        refuses("invalid key string", Map.of(), "--unlock-key", KEY.replace("SWMKEY", "SWMTKN"));
        refuses("invalid key string", Map.of("OSMIA_UNLOCK_KEY", KEY + "A"), "--state-dir=/s");
    }

    @Test
    void aTokenWithoutAnAddressDoesNotFoundAClusterByMistake() {
        refuses("a join token was given and no --join-addr", Map.of(), "--join-token", TOKEN);
        refuses("a join token was given and no --join-addr", Map.of("OSMIA_JOIN_TOKEN", TOKEN), "--state-dir=/s");
    }

    @Test
    void goingOnAloneAndJoiningExcludeEachOther() throws UsageException {
        refuses("--force-new-cluster goes on alone", Map.of(),
                "--force-new-cluster", "--join-addr=h:1", "--join-token=" + TOKEN);
        assertThat(parse(Map.of(), "--force-new-cluster=false", "--join-addr=h:1"))
                .containsEntry("osmia.force.new.cluster", "false");
        assertThat(parse(Map.of(), "--force-new-cluster", "--unlock-key", KEY))
                .containsEntry("osmia.force.new.cluster", "true");
    }

    @Test
    void onlyTheFirstNodeChoosesAutolock() throws UsageException {
        refuses("--autolock is for the node that founds", Map.of(), "--autolock", "--join-addr=h:1");
        assertThat(parse(Map.of(), "--autolock")).isEqualTo(Map.of("osmia.autolock", "true"));
    }

    @ParameterizedTest
    @ValueSource(strings = {":4242", "h:0"})
    void theManagerToJoinIsAPlace(String address) {
        refuses("--join-addr names a manager's HOST:PORT, not '" + address + "'", Map.of(), "--join-addr", address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "168h", "1h30m", "90s", "2h0m5s"})
    void theGraceOfExpiredCertificatesIsATime(String time) throws UsageException {
        assertThat(parse(Map.of(), "--expired-grace", time)).isEqualTo(Map.of("osmia.expired.grace", time));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7d", "-1h", "5", "1m1h", "PT1H"})
    void aGraceThatIsNoTimeIsRefused(String time) {
        refuses("--expired-grace is a time such as 168h", Map.of(), "--expired-grace=" + time);
    }

    @Test
    void aNewNodeJoinsWithATokenOnly() throws UsageException, IOException {
        NodeCommandLine line = NodeCommandLine.parse(List.of("--join-addr=h:1"), Map.of());
        assertThatThrownBy(() -> FlagRules.checkJoining(line.values(), folder))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--join-addr needs --join-token (or OSMIA_JOIN_TOKEN), since " + folder);
        FlagRules.checkJoining(
                NodeCommandLine.parse(List.of("--join-addr=h:1", "--join-token", TOKEN), Map.of()).values(), folder);
        FlagRules.checkJoining(NodeCommandLine.parse(List.of(), Map.of()).values(), folder);
    }

    @Test
    void aNodeThatHasJoinedNeedsNoTokenAnyMore() throws UsageException, IOException {
        Path certificates = Files.createDirectories(folder.resolve("certificates"));
        Files.createFile(certificates.resolve("swarm-node.crt"));
        Files.createFile(certificates.resolve("swarm-node.key"));
        FlagRules.checkJoining(NodeCommandLine.parse(List.of("--join-addr=h:1"), Map.of()).values(), folder);
    }

    @Test
    void secretsAreNotReadForHelp() throws UsageException {
        assertThat(NodeCommandLine.parse(List.of("--join-token=@/none", "--help"), Map.of()).help()).isTrue();
    }
}
