package io.osmia.node.internal;

import io.osmia.roles.Membership.Member;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The file {@code state.json}: the managers this node has seen, by node id (rule 0.7). */
final class KnownManagers {

    private KnownManagers() {}

    static Path file(Path stateDir) {
        return stateDir.resolve("state.json");
    }

    static void write(Path stateDir, List<Member> members) throws IOException {
        String text = members.stream()
                .sorted(Comparator.comparing(Member::nodeId))
                .map(m -> "{\"node_id\":\"" + m.nodeId() + "\",\"addr\":\"" + m.address() + "\"}")
                .collect(Collectors.joining(",", "[", "]\n"));
        Path file = file(stateDir);
        if (Files.exists(file) && Files.readString(file).equals(text)) {
            return;
        }
        Path temporary = stateDir.resolve(".state.json");
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
