package io.osmia.itests.cluster;

import io.osmia.itests.harness.Distribution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Other versions of a shipped plugin, as a vendor would ship them. */
public final class PluginJars {

    private PluginJars() {}

    public static Path shipped(String name) {
        return Distribution.HOME.resolve("plugins").resolve(name);
    }

    /** The same bundle with another Bundle-Version. */
    public static byte[] withVersion(Path jar, String version) throws IOException {
        return withHeader(jar, "Bundle-Version", version);
    }

    /** The same bundle with another line in its manifest. */
    public static byte[] withHeader(byte[] jar, String header, String value) throws IOException {
        Path copy = Files.createTempFile("osmia-plugin-", ".jar");
        try {
            return withHeader(Files.write(copy, jar), header, value);
        } finally {
            Files.delete(copy);
        }
    }

    private static byte[] withHeader(Path jar, String header, String value) throws IOException {
        return with(jar, Map.of(header, value), Map.of());
    }

    /** The same bundle with other lines in its manifest, and more in it: a class by itself, or a file. */
    static byte[] with(Path jar, Map<String, String> headers, Map<String, byte[]> more) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarFile in = new JarFile(jar.toFile())) {
            Manifest manifest = new Manifest(in.getManifest());
            headers.forEach(manifest.getMainAttributes()::putValue);
            try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
                Enumeration<JarEntry> entries = in.entries();
                while (entries.hasMoreElements()) {
                    JarEntry entry = entries.nextElement();
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        try (InputStream content = in.getInputStream(entry)) {
                            content.transferTo(out);
                        }
                        out.closeEntry();
                    }
                }
                for (Map.Entry<String, byte[]> entry : more.entrySet()) {
                    out.putNextEntry(new JarEntry(entry.getKey()));
                    out.write(entry.getValue());
                    out.closeEntry();
                }
            }
        }
        return bytes.toByteArray();
    }

    /** What a class is called in a jar. */
    static String entry(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    /** Its code. */
    static byte[] code(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream("/" + entry(type))) {
            return Objects.requireNonNull(in, type.getName()).readAllBytes();
        }
    }

    /** As a careful operator copies: under another name first, then renamed. */
    public static void put(Path folder, String name, byte[] jar) throws IOException {
        Path temporary = folder.resolve("." + name + ".part");
        Files.write(temporary, jar);
        Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
