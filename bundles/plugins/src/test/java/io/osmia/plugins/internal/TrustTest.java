package io.osmia.plugins.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.roles.PluginPolicy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars that the JDK's own tools signed. */
class TrustTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    Path dir;

    private Path folder;
    private Path jar;

    @BeforeEach
    void makeKeys() throws Exception {
        folder = Files.createDirectory(dir.resolve("plugin-trust"));
        jar = Files.write(dir.resolve("spread.jar"), PluginInstallerTest.jar("1.0.0", Map.of()));
        for (String name : List.of("vendor", "stranger")) {
            tool("keytool", "-genkeypair", "-alias", name, "-dname", "CN=" + name, "-keyalg", "EC", "-validity", "30",
                    "-keystore", store(name));
        }
    }

    private String store(String name) {
        return dir.resolve(name + ".p12").toString();
    }

    private void tool(String name, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", name).toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    private void trust(String name) throws Exception {
        tool("keytool", "-exportcert", "-rfc", "-alias", name, "-keystore", store(name), "-file",
                folder.resolve(name + ".pem").toString());
    }

    private void sign(String name) throws Exception {
        tool("jarsigner", "-keystore", store(name), jar.toString(), name);
    }

    private String objection() throws Exception {
        return new Trust(List.of(folder, dir.resolve("none"))).objection(JarReader.read(jar, false)).orElse("");
    }

    @Test
    void aJarOfATrustedSignerIsTaken() throws Exception {
        sign("vendor");
        trust("vendor");
        assertThat(objection()).isEmpty();
    }

    @Test
    void anUnsignedJarAndOneOfAStrangerAreNot() throws Exception {
        trust("vendor");
        assertThat(objection()).isEqualTo("plugins must be signed in this cluster, and its entry content.txt is not");
        sign("stranger");
        assertThat(objection())
                .isEqualTo("it is signed by CN=stranger, whom no certificate in conf/plugin-trust stands for");
    }

    @Test
    void withoutAnyCertificateNobodyIsTrusted() throws Exception {
        sign("vendor");
        assertThat(objection()).contains("conf/plugin-trust of this node has no certificate");
        Files.writeString(folder.resolve("junk.pem"), "junk");
        assertThat(objection()).contains("conf/plugin-trust of this node has no certificate");
    }

    @Test
    void aJarThatWasChangedAfterwardsIsNot() throws Exception {
        sign("vendor");
        trust("vendor");
        rewrite("content.txt", "something else".getBytes(), null);
        assertThat(objection()).startsWith("its signature does not fit its content");
    }

    @Test
    void anEntryThatWasAddedAfterwardsIsNot() throws Exception {
        sign("vendor");
        trust("vendor");
        rewrite(null, null, "more.txt");
        assertThat(objection()).contains("its entry more.txt is not");
    }

    private void rewrite(@Nullable String entry, byte @Nullable [] content, @Nullable String added) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(Files.readAllBytes(jar)));
                ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (ZipEntry next = in.getNextEntry(); next != null; next = in.getNextEntry()) {
                out.putNextEntry(new ZipEntry(next.getName()));
                byte[] own = in.readAllBytes();
                out.write(next.getName().equals(entry) && content != null ? content : own);
            }
            if (added != null) {
                out.putNextEntry(new ZipEntry(added));
                out.write(1);
            }
        }
        Files.write(jar, bytes.toByteArray());
    }

    @Test
    void whatTheClusterSaidLastIsRemembered() {
        boolean[] signed = {true};
        @Nullable PluginPolicy[] cluster = {() -> signed[0]};
        SignaturePolicy policy =
                new SignaturePolicy(false, () -> Optional.ofNullable(cluster[0]), dir.resolve("kept/signed"));
        assertThat(policy.signed()).isTrue();
        cluster[0] = null;
        assertThat(policy.signed()).isTrue();
        cluster[0] = () -> signed[0];
        signed[0] = false;
        assertThat(policy.signed()).isFalse();
        cluster[0] = null;
        assertThat(policy.signed()).isFalse();
        assertThat(new SignaturePolicy(true, Optional::empty, dir.resolve("x")).signed()).isTrue();
    }
}
