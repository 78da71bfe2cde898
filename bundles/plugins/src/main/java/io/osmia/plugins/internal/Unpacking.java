package io.osmia.plugins.internal;

import io.osmia.plugins.internal.JarReader.NotAPlugin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Unpacks a jar to see that it is whole, and stops at what no plugin needs: a small jar can unpack to more than any node has. */
final class Unpacking {

    private static final int MOST_ENTRIES = 1 << 16;

    private static final long MOST_BYTES = 512L << 20;

    /** It goes into memory, with a section for each signed entry. */
    private static final int GREATEST_MANIFEST = 4 << 20;

    private final ZipFile zip;
    private final byte[] buffer = new byte[1 << 16];
    private long bytes;

    private Unpacking(ZipFile zip) {
        this.zip = zip;
    }

    /** Compares every entry with its checksum. */
    static Manifest manifest(Path jar) throws NotAPlugin {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            Unpacking unpacking = new Unpacking(zip);
            unpacking.checkEntries();
            return unpacking.manifest();
        } catch (IOException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    private void checkEntries() throws IOException, NotAPlugin {
        if (zip.size() > MOST_ENTRIES) {
            throw new NotAPlugin("it has more than " + MOST_ENTRIES + " entries");
        }
        for (ZipEntry entry : Collections.list(zip.entries())) {
            check(entry);
        }
    }

    /** {@link ZipFile} itself only sees what does not inflate. */
    private void check(ZipEntry entry) throws IOException, NotAPlugin {
        long before = bytes;
        CRC32 checksum = new CRC32();
        try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), checksum)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
                if (bytes > MOST_BYTES) {
                    throw new NotAPlugin("unpacked it is larger than " + (MOST_BYTES >> 20) + " MiB");
                }
            }
        }
        if (bytes - before != entry.getSize() || checksum.getValue() != entry.getCrc()) {
            throw damaged(entry.getName() + " does not fit its checksum");
        }
    }

    private Manifest manifest() throws IOException, NotAPlugin {
        @Nullable ZipEntry entry = zip.getEntry(JarFile.MANIFEST_NAME);
        if (entry == null) {
            throw new NotAPlugin("it has no manifest");
        }
        if (entry.getSize() > GREATEST_MANIFEST) {
            throw new NotAPlugin("its manifest is larger than " + (GREATEST_MANIFEST >> 20) + " MiB");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return new Manifest(new ByteArrayInputStream(in.readAllBytes()));
        }
    }

    private static NotAPlugin damaged(String why) {
        return new NotAPlugin("it is not a whole jar (" + why + "); copy it again");
    }
}
