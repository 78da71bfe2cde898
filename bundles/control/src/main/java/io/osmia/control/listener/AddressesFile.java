package io.osmia.control.listener;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The file {@code addresses} in the state directory: what the node is bound to, for those who start it with port 0. */
final class AddressesFile {

    private final Path file;

    AddressesFile(Path stateDir) {
        this.file = stateDir.resolve("addresses");
    }

    /**
     * @param remote host:port of the remote API
     * @param control path of the control socket
     */
    void write(String remote, String control) throws IOException {
        Path staged = file.resolveSibling(".addresses");
        Files.writeString(staged, "remote=" + remote + "\ncontrol=" + control + "\n");
        Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void remove() throws IOException {
        Files.deleteIfExists(file);
    }
}
