package io.osmia.plugins.internal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The jars in the two plugin folders as they are now.
 *
 * @param shipped folder of the distribution, read only
 * @param own folder in the state directory
 */
record PluginFolders(Path shipped, Path own) {

    /**
     * What tells one content of a file from the next without reading it. The file's key changes when it is replaced by a
     * rename.
     */
    record Stamp(long size, long modifiedMillis, String key) {

        /** Of a file that is looked at again at every turn. */
        static final Stamp NONE = new Stamp(-1, -1, "");
    }

    /** Jars by path. Hidden files are somebody's temporary ones. */
    SortedMap<Path, Stamp> list() throws IOException {
        SortedMap<Path, Stamp> files = new TreeMap<>();
        add(shipped, files);
        add(own, files);
        return files;
    }

    private static void add(Path folder, SortedMap<Path, Stamp> files) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) {
                if (!jar.getFileName().toString().startsWith(".")) {
                    stamp(jar, files);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static void stamp(Path jar, SortedMap<Path, Stamp> files) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                files.put(
                        jar,
                        new Stamp(
                                attributes.size(),
                                attributes.lastModifiedTime().toMillis(),
                                String.valueOf(attributes.fileKey())));
            }
        } catch (NoSuchFileException e) {
            // gone between the listing and the look: as if it had never been there
        } catch (IOException e) {
            files.put(jar, Stamp.NONE); // a circle of links: one file must not keep the others from being looked at
        }
    }
}
