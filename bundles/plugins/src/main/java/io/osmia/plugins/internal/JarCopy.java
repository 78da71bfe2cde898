package io.osmia.plugins.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A copy of a jar's bytes, for the time of a look: a writer who is still busy with the file cannot change what is looked at.
 *
 * @param file where it lies until it is closed
 */
record JarCopy(Path file) implements AutoCloseable {

    static JarCopy of(byte[] jar) throws IOException {
        JarCopy copy = new JarCopy(Files.createTempFile("osmia-plugin-", ".jar"));
        try {
            Files.write(copy.file, jar);
        } catch (IOException e) {
            copy.close();
            throw e;
        }
        return copy;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
