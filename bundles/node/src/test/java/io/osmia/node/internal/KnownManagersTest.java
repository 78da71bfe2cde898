package io.osmia.node.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.raft.StateException;
import io.osmia.roles.Remotes.Remote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file state.json (rule 0.7). */
class KnownManagersTest {

    @TempDir
    private Path folder;

    @Test
    void theManagersAreWrittenInOrderForTheOwnerAlone() throws IOException {
        List<Remote> managers = List.of(new Remote("b", "h:2"), new Remote("a", "h:1"));

        known().write(managers);

        Path file = folder.resolve("state.json");
        assertThat(file).hasContent("[{\"node_id\":\"a\",\"addr\":\"h:1\"},{\"node_id\":\"b\",\"addr\":\"h:2\"}]\n");
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(
                        PosixFilePermission.OWNER_READ,
                        PosixFilePermission.OWNER_WRITE);
        assertThat(folder.resolve(".state.json")).doesNotExist();
        assertThat(known().read()).containsExactly(new Remote("a", "h:1"), new Remote("b", "h:2"));
    }

    private KnownManagers known() {
        return new KnownManagers(folder);
    }

    @Test
    void aFileThatIsNoListIsRefusedWithAWayOut() throws IOException {
        assertThat(known().read()).isEmpty();
        Files.writeString(folder.resolve("state.json"), "[{\"node_id\":\"a\"}]");

        assertThatThrownBy(known()::read)
                .isInstanceOf(StateException.class)
                .hasMessageContaining("state.json: is damaged")
                .hasMessageContaining("--join-addr");
    }

    @Test
    void managersThatAreKnownAlreadyAreNotWrittenAgain() throws IOException {
        List<Remote> managers = List.of(new Remote("a", "h:1"));
        known().write(managers);
        Object file = Files.getAttribute(folder.resolve("state.json"), "unix:ino");

        known().write(managers);
        assertThat(Files.getAttribute(folder.resolve("state.json"), "unix:ino")).isEqualTo(file);

        Files.writeString(folder.resolve(".state.json"), "left by a crash");
        known().write(List.of(new Remote("a", "h:2")));
        assertThat(folder.resolve("state.json")).content().contains("h:2");
    }
}
