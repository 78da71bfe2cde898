package io.osmia.node.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.raft.StateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flags over files over defaults. */
class SettingsTest {

    @TempDir
    private Path state;

    private Flags flags;

    @BeforeEach
    void directories() throws IOException {
        Files.createDirectories(state.resolve("conf"));
        flags = new Flags(state);
    }

    private Settings settings() {
        return flags.settings();
    }

    private void file(String text) throws IOException {
        Files.writeString(state.resolve("conf").resolve("io.osmia.node.cfg"), text);
    }

    @Test
    void withoutFlagsAndFilesThereAreDefaults() {
        Settings settings = settings();

        assertThat(settings.listenRemoteApi()).isEqualTo("0.0.0.0:4242");
        assertThat(settings.listenControlApi()).isEqualTo(state.resolve("osmia.sock"));
        assertThat(settings.availability()).isEqualTo("active");
        assertThat(settings.advertiseRemoteApi()).isEmpty();
        assertThat(settings.hostname()).isNotEmpty();
        assertThat(settings.stopTasksOnExit()).isFalse();
        assertThatCode(settings::requireSound).doesNotThrowAnyException();
    }

    @Test
    void aFlagGoesOverAFile() throws IOException {
        file("listen.remote = 127.0.0.1:1\nhostname = of the file\n");
        flags.with("listen.remote", "127.0.0.1:2");

        assertThat(settings().listenRemoteApi()).isEqualTo("127.0.0.1:2");
        assertThat(settings().hostname()).isEqualTo("of the file");
    }

    @Test
    void aFileThatIsNotUnderstoodEndsTheNodeAndNoComponent() throws IOException {
        file("hostname = \\u12\n");
        Settings settings = settings();

        assertThatThrownBy(settings::requireSound)
                .isInstanceOf(StateException.class)
                .hasMessageContaining("conf/io.osmia.node.cfg: is not understood");
    }

    @Test
    void anAvailabilityThatThereIsNotEndsTheNode() throws IOException {
        file("availability = Paused\n");
        Settings settings = settings();

        assertThatThrownBy(settings::requireSound)
                .hasMessageContaining(
                        "conf/io.osmia.node.cfg: availability is one of active, pause, drain, not 'Paused'");
    }

    @Test
    void whatAFlagSaysWrongIsToldByTheFlagsName() {
        assertThatThrownBy(flags.with("availability", "Paused").settings()::requireSound)
                .hasMessage("--availability is one of active, pause, drain, not 'Paused'");
        assertThatThrownBy(new Flags(state).with("expired.grace", "soon").settings()::requireSound)
                .hasMessage("--expired-grace is a duration such as 168h, or 0, not 'soon'");
        assertThatThrownBy(new Flags(state).with("listen.raft", "nowhere").settings()::requireSound)
                .hasMessage("--listen-raft-api is HOST:PORT, not 'nowhere'");
        assertThatThrownBy(
                new Flags(state).with("listen.raft", "h:1").with("listen.remote", "h").settings()::requireSound)
                .hasMessage("--listen-remote-api is HOST:PORT, not 'h'");
        assertThatThrownBy(new Flags(state).with("listen.remote", "h:65535").settings()::requireSound)
                .hasMessage("--listen-raft-api is needed: there is no port after that of h:65535 for raft");
    }

    @Test
    void sshIsOffUntilItIsToldWhereAndForWhom() throws IOException {
        assertThat(settings().listenSsh()).isEmpty();
        flags.with("ssh.listen", ":4250");
        Path keys = state.resolve("conf").resolve("authorized_keys");
        assertThat(settings().sshAuthorizedKeys()).isEqualTo(keys);
        assertThatThrownBy(settings()::requireSound)
                .hasMessage("--ssh-authorized-keys is a file that can be read, not '" + keys + "'");
        Files.writeString(keys, "");
        assertThatCode(settings()::requireSound).doesNotThrowAnyException();
        assertThatThrownBy(flags.with("ssh.listen", "4250").settings()::requireSound)
                .hasMessage("--listen-ssh is HOST:PORT, not '4250'");
    }

    @Test
    void raftListensOnThePortAfterTheRemoteApi() {
        assertThat(settings().listenRaftApi()).isEqualTo("0.0.0.0:4243");
        assertThat(flags.with("listen.remote", "[::1]:7000").settings().listenRaftApi()).isEqualTo("[::1]:7001");
        assertThat(flags.with("listen.remote", "127.0.0.1:0").settings().listenRaftApi()).isEqualTo("127.0.0.1:0");
        assertThat(flags.with("listen.raft", "10.0.0.1:99").settings().listenRaftApi()).isEqualTo("10.0.0.1:99");
    }

    @Test
    void theGraceOfAnExpiredCertificateIsADurationOrNone() {
        assertThat(settings().expiredGrace()).hasDays(7);
        assertThat(flags.with("expired.grace", "90m").settings().expiredGrace()).hasMinutes(90);
        assertThat(flags.with("expired.grace", "0").settings().expiredGrace()).isZero();
        Settings wrong = flags.with("expired.grace", "soon").settings();
        assertThatThrownBy(wrong::requireSound).hasMessageContaining("expired-grace").hasMessageContaining("soon");
    }
}
