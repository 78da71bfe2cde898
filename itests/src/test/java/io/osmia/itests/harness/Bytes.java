package io.osmia.itests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

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
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> indexOf(read(file), marker) >= 0)
                    .toList();
        }
    }

    /** A file that goes while it is looked at holds nothing. */
    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
