package io.osmia.plugins.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.roles.PluginPolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.KeyStore.PasswordProtection;
import java.security.KeyStore.PrivateKeyEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import jdk.security.jarsigner.JarSigner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars that the JDK signed. */
class TrustTest {

    private static final String PASSWORD = "changeit";

    /** Keys are slow to make. */
    @TempDir
    static Path keys;

    @TempDir
    Path dir;

    private Path folder;
    private Path jar;

    @BeforeAll
    static void makeKeys() throws Exception {
        issue("vendor", "");
        issue("stranger", "");
        issue("root", "", "-ext", "bc:c");
        issue("between", "root", "-ext", "bc:c");
        issue("developer", "between", "-ext", "eku=codeSigning");
        issue("host", "between", "-ext", "eku=serverAuth");
        issue("late", "root", "-startdate", "-10d", "-validity", "5");
        issue("old", "", "-ext", "bc:c", "-startdate", "-10d", "-validity", "5");
        issue("young", "old");
    }

    /** A key, certified by itself or by another. */
    private static void issue(String name, String issuer, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1",
                "-genkeypair", "-alias", name, "-dname", "CN=" + name, "-keyalg", "EC", "-keystore",
                keys.resolve("keys.p12").toString(), "-storepass", PASSWORD));
        if (!issuer.isEmpty()) {
            command.addAll(List.of("-signer", issuer));
        }
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    @BeforeEach
    void makeJar() throws Exception {
        makeJar(dir);
    }

    private void makeJar(Path place) throws Exception {
        folder = Files.createDirectory(place.resolve("plugin-trust"));
        jar = Files.write(place.resolve("spread.jar"), PluginInstallerTest.jar("1.0.0", Map.of()));
    }

    private static KeyStore store() throws Exception {
        return KeyStore.getInstance(keys.resolve("keys.p12").toFile(), PASSWORD.toCharArray());
    }

    private void trust(String name) throws Exception {
        Files.write(folder.resolve(name + ".der"), store().getCertificate(name).getEncoded());
    }

    private void sign(String name) throws Exception {
        PrivateKeyEntry key = (PrivateKeyEntry) store().getEntry(name, new PasswordProtection(PASSWORD.toCharArray()));
        Path signed = dir.resolve("signed.jar");
        try (ZipFile in = new ZipFile(jar.toFile()); OutputStream out = Files.newOutputStream(signed)) {
            new JarSigner.Builder(key).signerName(name.substring(0, 3)).build().sign(in, out);
        }
        Files.move(signed, jar, StandardCopyOption.REPLACE_EXISTING);
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
        with("content.txt");
        assertThat(objection()).startsWith("its signature does not fit its content");
    }

    @Test
    void anEntryThatWasAddedAfterwardsIsNot() throws Exception {
        sign("vendor");
        trust("vendor");
        with("more.txt");
        assertThat(objection()).contains("its entry more.txt is not");
    }

    @Test
    void aJarOfNothingThatCouldBeSignedIsNotSigned() throws Exception {
        trust("vendor");
        Map<String, byte[]> entries = entries();
        entries.remove("content.txt");
        for (String name : List.of("META-INF/X.SF", "META-INF/X.EC")) {
            entries.put(name, "no signature".getBytes());
        }
        entries.put("folder/", new byte[0]);
        write(entries);
        assertThat(objection()).isEqualTo("plugins must be signed in this cluster, and nothing in it is");
    }

    /** Class loaders find such an entry under its name without the slash. */
    @Test
    void aFolderWithContentIsNotPassedOver() throws Exception {
        sign("vendor");
        trust("vendor");
        with("vendor/Optional.class/");
        assertThat(objection()).contains("its entry vendor/Optional.class/ is not");
    }

    /** Each is trusted, but neither ever saw the other's part. */
    @Test
    void twoWhoSignedAPartEachDidNotSignTheWhole() throws Exception {
        trust("vendor");
        trust("stranger");
        sign("vendor");
        Map<String, byte[]> whole = entries();
        Files.write(jar, PluginInstallerTest.jar("1.0.0", Map.of()));
        Map<String, byte[]> other = entries();
        other.put("other.txt", other.remove("content.txt"));
        write(other);
        sign("stranger");
        other = entries();
        assertThat(objection()).isEmpty();

        String manifest = new String(whole.get(JarFile.MANIFEST_NAME));
        String section = new String(other.get(JarFile.MANIFEST_NAME)).split("\r\n\r\n", 2)[1];
        other.forEach(whole::putIfAbsent);
        whole.put(JarFile.MANIFEST_NAME, (manifest + section).getBytes());
        write(whole);
        assertThat(objection()).isEqualTo("nobody signed all of its entries");
    }

    private Map<String, byte[]> entries() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar))) {
            for (ZipEntry next = in.getNextEntry(); next != null; next = in.getNextEntry()) {
                entries.put(next.getName(), in.readAllBytes());
            }
        }
        return entries;
    }

    private void with(String entry) throws IOException {
        Map<String, byte[]> entries = entries();
        entries.put(entry, "something else".getBytes());
        write(entries);
    }

    private void write(Map<String, byte[]> entries) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        }
    }

    private String objection(String signer, String trusted) throws Exception {
        makeJar(Files.createDirectory(dir.resolve(signer + " " + trusted)));
        sign(signer);
        trust(trusted);
        return objection();
    }

    @Test
    void whomATrustedIssuerCertifiedForCodeMaySign() throws Exception {
        assertThat(objection("developer", "root")).isEmpty();
        assertThat(objection("developer", "between")).isEmpty();
        assertThat(objection("host", "root"))
                .isEqualTo("it is signed by CN=host, whose certificate is not for signing code");
    }

    @Test
    void whatHasExpiredStandsForNobody() throws Exception {
        String expired = ", but the certificate, or one that stands for it, has expired or is not valid yet";
        assertThat(objection("late", "root")).isEqualTo("it is signed by CN=late" + expired);
        assertThat(objection("young", "old")).isEqualTo("it is signed by CN=young" + expired);
        assertThat(objection("old", "old")).isEqualTo("it is signed by CN=old" + expired);
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

    @Test
    void aWorkerHearsItFromTheLeaderAndAManagerLooksForItself() {
        SignaturePolicy worker = new SignaturePolicy(false, Optional::empty, dir.resolve("kept/signed"));
        worker.heard(true);
        assertThat(worker.signed()).isTrue();
        worker.heard(false);
        assertThat(worker.signed()).isFalse();
        SignaturePolicy manager =
                new SignaturePolicy(false, () -> Optional.of(() -> true), dir.resolve("kept/managers"));
        assertThat(manager.signed()).isTrue();
        manager.heard(false);
        assertThat(manager.signed()).isTrue();
    }
}
