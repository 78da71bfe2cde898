package io.osmia.node.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.roles.Membership.Member;
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
        List<Member> members =
                List.of(new Member(2, "b", "h:2", "", false, true), new Member(9, "a", "h:1", "", true, true));

        KnownManagers.write(folder, members);

        Path file = folder.resolve("state.json");
        assertThat(file).hasContent("[{\"node_id\":\"a\",\"addr\":\"h:1\"},{\"node_id\":\"b\",\"addr\":\"h:2\"}]\n");
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(
                        PosixFilePermission.OWNER_READ,
                        PosixFilePermission.OWNER_WRITE);
        assertThat(folder.resolve(".state.json")).doesNotExist();
    }

    @Test
    void managersThatAreKnownAlreadyAreNotWrittenAgain() throws IOException {
        List<Member> members = List.of(new Member(1, "a", "h:1", "", true, true));
        KnownManagers.write(folder, members);
        Object file = Files.getAttribute(folder.resolve("state.json"), "unix:ino");

        KnownManagers.write(folder, members);
        assertThat(Files.getAttribute(folder.resolve("state.json"), "unix:ino")).isEqualTo(file);

        Files.writeString(folder.resolve(".state.json"), "left by a crash");
        KnownManagers.write(folder, List.of(new Member(1, "a", "h:2", "", true, true)));
        assertThat(folder.resolve("state.json")).content().contains("h:2");
    }
}
