package io.osmia.node.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.raft.StateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node's files over those of the distribution. */
class ConfFilesTest {

    @TempDir
    private Path folder;

    private Path shipped;
    private Path own;

    @BeforeEach
    void folders() throws IOException {
        shipped = Files.createDirectories(folder.resolve("shipped"));
        own = Files.createDirectories(folder.resolve("own"));
    }

    @Test
    void ownKeysGoOverShippedOnesKeyByKey() throws IOException {
        Files.writeString(shipped.resolve("a.b.cfg"), "one = 1\ntwo = 2\n");
        Files.writeString(own.resolve("a.b.cfg"), "two = second \n");
        Files.writeString(own.resolve("other.cfg"), "three=3\n");

        ConfFiles conf = ConfFiles.read(shipped, own);

        assertThat(conf.values()).containsOnlyKeys("a.b", "other");
        assertThat(conf.value("a.b", "one", "-")).isEqualTo("1");
        assertThat(conf.value("a.b", "two", "-")).isEqualTo("second");
        assertThat(conf.value("other", "three", "-")).isEqualTo("3");
        assertThat(conf.value("other", "four", "-")).isEqualTo("-");
        assertThat(conf.value("none", "one", "-")).isEqualTo("-");
    }

    @Test
    void onlyFilesThatEndInCfgCount() throws IOException {
        Files.writeString(own.resolve("a.b.cfg~"), "one=1\n");
        Files.writeString(own.resolve("README"), "one=1\n");

        assertThat(ConfFiles.read(shipped, own).values()).isEmpty();
    }

    @Test
    void foldersMayBeMissing() {
        assertThat(ConfFiles.read(folder.resolve("nowhere"), folder.resolve("neither")).values())
                .isEmpty();
    }

    @Test
    void aFileThatIsNoTextIsNamed() throws IOException {
        Path file = Files.write(own.resolve("a.b.cfg"), new byte[] {'k', '=', (byte) 0xC3, '('});

        assertThatThrownBy(() -> ConfFiles.read(shipped, own))
                .isInstanceOf(StateException.class)
                .hasMessage(file + ": is not a text in UTF-8");
    }

    @Test
    void aFileWithABrokenEscapeIsNamed() throws IOException {
        Path file = Files.writeString(shipped.resolve("a.b.cfg"), "key = \\u12\n");

        assertThatThrownBy(() -> ConfFiles.read(shipped, own))
                .isInstanceOf(StateException.class)
                .hasMessageStartingWith(file + ": is not understood");
    }
}
