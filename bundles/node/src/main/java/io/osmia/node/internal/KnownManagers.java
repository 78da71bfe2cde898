package io.osmia.node.internal;

import io.osmia.raft.StateException;
import io.osmia.roles.Remotes.Remote;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The file {@code state.json}: the managers this node has seen, by node id (rule 0.7). */
final class KnownManagers {

    private static final Pattern PEER =
            Pattern.compile("\\{\\s*\"node_id\"\\s*:\\s*\"([^\"]*)\"\\s*,\\s*\"addr\"\\s*:\\s*\"([^\"]*)\"\\s*}");

    private final Path file;

    KnownManagers(Path stateDir) {
        this.file = file(stateDir);
    }

    static Path file(Path stateDir) {
        return stateDir.resolve("state.json");
    }

    /**
     * What was written last; empty when nothing was.
     *
     * @throws StateException when it cannot be understood
     */
    synchronized List<Remote> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            String text = Files.readString(file);
            List<Remote> found = new ArrayList<>();
            Matcher peers = PEER.matcher(text);
            while (peers.find()) {
                found.add(new Remote(peers.group(1), peers.group(2)));
            }
            if (!PEER.matcher(text).replaceAll("").replaceAll("[\\s,]", "").equals("[]")) {
                throw new StateException(
                        file, "is damaged: no list of managers; name one of them with --join-addr HOST:PORT");
            }
            return found;
        } catch (IOException e) {
            throw new StateException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** Makes the file say this; a file that says it already is left alone. */
    synchronized void write(List<Remote> managers) throws IOException {
        String text = managers.stream()
                .sorted()
                .map(m -> "{\"node_id\":\"" + m.nodeId() + "\",\"addr\":\"" + m.address() + "\"}")
                .collect(Collectors.joining(",", "[", "]\n"));
        if (Files.exists(file) && Files.readString(file).equals(text)) {
            return;
        }
        Path temporary = file.resolveSibling(".state.json");
        Files.deleteIfExists(temporary);
        Files.createFile(
                temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.UTF_8.encode(text));
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
