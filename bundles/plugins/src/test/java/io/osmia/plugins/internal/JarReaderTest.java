package io.osmia.plugins.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Constants;

/** Jars that somebody damaged, or made to do harm. */
class JarReaderTest {

    @TempDir
    Path dir;

    /** What is written into a jar. */
    @FunctionalInterface
    private interface Content {
        void writeTo(ZipOutputStream zip) throws IOException;
    }

    private Path zip(Content content) throws IOException {
        Path file = dir.resolve("spread.jar");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(Deflater.BEST_SPEED);
            content.writeTo(zip);
        }
        return file;
    }

    private static void manifest(ZipOutputStream zip, String more) throws IOException {
        zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
        zip.write(("""
                Manifest-Version: 1.0
                Bundle-SymbolicName: test.spread
                Bundle-Version: 1.0.0
                Osmia-Plugin: strategy;name=spread
                Osmia-Spi: [1.0,2)
                """ + more).getBytes(StandardCharsets.UTF_8));
    }

    private static JarReader.NotAPlugin refused(Path file, String why) {
        JarReader.NotAPlugin[] thrown = new JarReader.NotAPlugin[1];
        assertThatExceptionOfType(JarReader.NotAPlugin.class)
                .isThrownBy(() -> JarReader.read(file, false))
                .withMessageContaining(why)
                .satisfies(e -> thrown[0] = e);
        return thrown[0];
    }

    @Test
    void aByteThatChangedIsSeen() throws Exception {
        Path file = zip(zip -> {
            manifest(zip, "");
            zip.setLevel(Deflater.NO_COMPRESSION);
            zip.putNextEntry(new ZipEntry("content.txt"));
            zip.write("content".getBytes(StandardCharsets.UTF_8));
        });
        assertThat(JarReader.read(file, false).name()).isEqualTo("spread");
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("content", 1 + new String(
                bytes, StandardCharsets.ISO_8859_1).indexOf("content.txt"));
        bytes[at] ^= 1;
        Files.write(file, bytes);
        assertThat(refused(file, "content.txt does not fit its checksum").isPassing()).isFalse();
    }

    @Test
    void aJarThatUnpacksToTooMuchIsRefused() throws Exception {
        byte[] zeros = new byte[1 << 20];
        Path file = zip(zip -> {
            manifest(zip, "");
            for (String name : new String[] {"a", "b"}) {
                zip.putNextEntry(new ZipEntry(name));
                for (int mebibyte = 0; mebibyte < 300; mebibyte++) {
                    zip.write(zeros);
                }
            }
        });
        assertThat(Files.size(file)).isLessThan(JarReader.GREATEST);
        refused(file, "unpacked it is larger than 512 MiB");
    }

    @Test
    void aJarOfTooManyEntriesIsRefused() throws Exception {
        refused(
                zip(zip -> {
                    manifest(zip, "");
                    for (int entry = 0; entry < 1 << 16; entry++) {
                        zip.putNextEntry(new ZipEntry("e" + entry));
                    }
                }), "more than 65536 entries");
    }

    @Test
    void aHugeManifestIsRefused() throws Exception {
        String line = "Comment: " + "x".repeat(50) + "\n";
        refused(zip(zip -> manifest(zip, line.repeat(80_000))), "its manifest is larger than 4 MiB");
    }

    @Test
    void whatIsMalformedIsNotReadOverAndOver() throws Exception {
        Path file = zip(zip -> manifest(zip, "no colon\n"));
        assertThat(refused(file, "it is not a whole jar").isPassing()).isFalse();
    }

    /** A deflated entry whose end is missing, in a jar whose directory is whole. */
    @Test
    void anEntryThatEndsTooEarlyIsNotReadOverAndOver() throws Exception {
        Path file = zip(zip -> {
            manifest(zip, "");
            zip.putNextEntry(new ZipEntry("content.txt"));
            zip.write("content ".repeat(100).getBytes(StandardCharsets.UTF_8));
        });
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int directory = text.lastIndexOf("PK\1\2");
        bytes[directory + 20] -= 6; // compressed size
        Files.write(file, bytes);
        assertThat(refused(file, "it is not a whole jar").isPassing()).isFalse();
    }

    @Test
    void whatCannotBeReadMayBeAnotherTime() {
        assertThat(refused(dir.resolve("none.jar"), "it cannot be read").isPassing()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../conf/x", "..", ".hidden", "a b", "a/b", "a\\b", ""})
    void aBundleNameNeverBecomesAPath(String name) throws Exception {
        Path file = Files.write(
                dir.resolve("spread.jar"),
                PluginInstallerTest.jar("1.0.0", Map.of(Constants.BUNDLE_SYMBOLICNAME, name)));
        refused(file, "its Bundle-SymbolicName is '" + name + "'");
    }
}
