package io.osmia.shell.internal.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the node wrote since this was made. */
final class NodeLog {

    private final Path file;
    private final long from;

    NodeLog(Path file) throws IOException {
        this.file = file;
        this.from = Files.exists(file) ? Files.size(file) : 0;
    }

    Path file() {
        return file;
    }

    /** The last line that tells of an error, else the last that tells anything. */
    String lastError() throws IOException {
        byte[] all = Files.readAllBytes(file);
        int start = (int) Math.min(from, all.length);
        List<String> lines = new String(all, start, all.length - start, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank() && !Character.isWhitespace(line.charAt(0)))
                .toList();
        return lines.reversed().stream()
                .filter(NodeLog::isError)
                .findFirst()
                .orElseGet(() -> lines.isEmpty() ? "it wrote nothing" : lines.getLast());
    }

    private static boolean isError(String line) {
        return line.contains(" SEVERE ") || line.contains(" ERROR ") || line.startsWith("osmia: ");
    }
}
