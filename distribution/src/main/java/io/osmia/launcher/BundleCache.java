package io.osmia.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Tells whether the framework's cache was made from this distribution, completely, and nobody has cut off its files since.
 *
 * @param folder the cache
 * @param origin what it is made from
 */
record BundleCache(Path folder, String origin) {

    private Path mark() {
        return folder.resolve("fingerprint");
    }

    private Path contents() {
        return folder.resolve("contents");
    }

    boolean isWhole() {
        try {
            return Files.readString(mark()).equals(origin)
                    && Files.readString(contents()).lines().allMatch(this::isAsItWas);
        } catch (IOException e) {
            return false; // not there, or not to be read: it is made anew
        }
    }

    private boolean isAsItWas(String line) {
        int space = line.indexOf(' ');
        try {
            return space > 0
                    && Files.size(folder.resolve(line.substring(space + 1))) == Long.parseLong(line, 0, space, 10);
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    /** To be called when everything is in it and nothing has been started. */
    void seal() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            String lines = files.filter(f -> f.toString().endsWith(".jar"))
                    .map(f -> size(f) + " " + folder.relativize(f) + "\n")
                    .reduce("", String::concat);
            Files.writeString(contents(), lines);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Files.writeString(mark(), origin);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
