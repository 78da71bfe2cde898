package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {

    @TempDir
    Path parent;

    @Test
    void aNewDirectoryBelongsToItsOwnerAlone() throws IOException {
        Path state = parent.resolve("a/b");
        try (StateDirectory held = StateDirectory.open(state)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(held.path())))
                    .isEqualTo("rwx------");
            assertThat(state.resolve("format")).hasContent("1");
        }
    }

    @Test
    void whatIsInUseIsRefusedAndNamesTheHolder() {
        try (StateDirectory held = StateDirectory.open(parent)) {
            assertThatThrownBy(() -> StateDirectory.open(held.path()))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("is in use by another node (pid " + ProcessHandle.current().pid() + ")");
        }
        StateDirectory.open(parent).close();
    }

    @Test
    void aNewerFormatIsRefusedWithBothNumbersAndChangesNothing() throws IOException {
        Files.writeString(parent.resolve("format"), "2\n");
        assertThatThrownBy(() -> StateDirectory.open(parent))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("format 2")
                .hasMessageContaining("up to 1");
        assertThat(parent).isDirectoryNotContaining("glob:**node.lock");
        assertThat(parent.resolve("format")).hasContent("2");
    }

    @Test
    void aFormatThatIsNoNumberIsRefused() throws IOException {
        Files.writeString(parent.resolve("format"), "x");
        assertThatThrownBy(() -> StateDirectory.open(parent)).hasMessageContaining("'x' is no format number");
    }

    @Test
    void aFileInItsPlaceIsRefused() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "");
        assertThatThrownBy(() -> StateDirectory.open(file)).hasMessageContaining("is not a directory");
    }
}
