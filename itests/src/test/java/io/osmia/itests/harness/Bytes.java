package io.osmia.itests.harness;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Looks for bytes in bytes. */
public final class Bytes {

    private Bytes() {}

    /** Where the marker begins, or -1. */
    public static int indexOf(byte[] bytes, byte[] marker) {
        for (int at = 0; at <= bytes.length - marker.length; at++) {
            int same = 0;
            while (same < marker.length && bytes[at + same] == marker[same]) {
                same++;
            }
            if (same == marker.length) {
                return at;
            }
        }
        return -1;
    }

    /** The regular files below a folder that hold the marker. */
    public static List<Path> filesWith(Path folder, byte[] marker) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    look(file);
                }
                return FileVisitResult.CONTINUE;
            }

            /** A running node writes files and renames them: one that goes while it is looked at holds nothing. */
            private void look(Path file) throws IOException {
                try {
                    if (indexOf(Files.readAllBytes(file), marker) >= 0) {
                        found.add(file);
                    }
                } catch (NoSuchFileException gone) {
                    // its successor has another name, or had this one before
                }
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                return e instanceof NoSuchFileException
                        ? FileVisitResult.CONTINUE
                        : super.visitFileFailed(file, e);
            }
        });
        return found;
    }
}
