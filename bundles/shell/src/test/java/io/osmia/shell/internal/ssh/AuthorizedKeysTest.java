package io.osmia.shell.internal.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.shell.internal.command.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, and as what. */
class AuthorizedKeysTest {

    /** As ssh-keygen makes them by default. */
    private static final String ED25519 =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIM5NELPFOHivHIsKkxRp8pp9CynjbLGTs0WGgf2xB66h";

    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("authorized_keys"), text);
    }

    private static KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    @Test
    void eachLineSaysWhatItsKeyMayDo() throws Exception {
        KeyPair looks = pair();
        KeyPair turns = pair();
        AuthorizedKeys keys = AuthorizedKeys.read(file("# who\n\n"
                + "osmia-role=\"viewer\" " + PublicKeyEntry.toString(looks.getPublic()) + " anna@desk\n"
                + "osmia-role=\"operator\" " + PublicKeyEntry.toString(turns.getPublic()) + "\n"));

        assertThat(keys.find(looks.getPublic())).get().extracting(AuthorizedKeys.Key::role).isEqualTo(Role.VIEWER);
        assertThat(keys.find(looks.getPublic())).get().extracting(AuthorizedKeys.Key::comment).isEqualTo("anna@desk");
        assertThat(keys.find(turns.getPublic())).get().extracting(AuthorizedKeys.Key::role).isEqualTo(Role.OPERATOR);
        assertThat(keys.find(pair().getPublic())).isEmpty();
    }

    @Test
    void aKeyWithoutRoleIsRefusedWithItsLine() throws Exception {
        String key = PublicKeyEntry.toString(pair().getPublic());
        refused("# none\n" + key, "line 2: says no role");
        refused("osmia-role=\"root\" " + key, "line 1: says no role");
        refused("osmia-role " + key, "says no role");
    }

    @Test
    void whatWouldNotBeKeptIsRefused() throws Exception {
        String key = PublicKeyEntry.toString(pair().getPublic());
        refused("osmia-role=\"viewer\",from=\"10.0.0.1\" " + key, "the option from is not kept here");
        refused("osmia-role=\"viewer\",restrict " + key, "the option restrict is not kept here");
    }

    @Test
    void whatIsNoKeyIsRefused() throws Exception {
        refused("osmia-role=\"viewer\" ssh-rsa AAAA", "line 1: is no public key");
        refused("osmia-role=\"viewer\"", "line 1");
        refused("osmia-role=\"viewer\" ssh-unheard AAAA", "line 1: is no public key");
        assertThatThrownBy(() -> AuthorizedKeys.read(folder.resolve("nowhere"))).isInstanceOf(IOException.class);
    }

    @Test
    void theUsualKindOfKeyIsUnderstood() throws Exception {
        assertThat(AuthorizedKeys.read(file("osmia-role=\"viewer\" " + ED25519 + " you")).keys()).hasSize(1);
    }

    @Test
    void aFileThatOthersMayWriteIsRefused() throws Exception {
        Path file = file("");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        assertThatThrownBy(() -> AuthorizedKeys.read(file)).hasMessageContaining("may be written by others");
    }

    private void refused(String text, String why) throws IOException {
        Path file = file(text);
        assertThatThrownBy(() -> AuthorizedKeys.read(file)).isInstanceOf(IOException.class).hasMessageContaining(why);
    }
}
