package io.osmia.raft.internal;

import io.osmia.raft.RaftIdentity;
import io.osmia.raft.StateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The file {@code raft/member}: to whom the log and the snapshots beside it belong. Written once. */
public final class IdentityFile {

    private final Path file;

    private IdentityFile(Path file) {
        this.file = file;
    }

    public static IdentityFile of(Path stateDir) {
        return new IdentityFile(stateDir.resolve("raft").resolve("member"));
    }

    public Path path() {
        return file;
    }

    public Optional<RaftIdentity> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Map<String, String> values = parse(Files.readString(file));
            return Optional.of(new RaftIdentity(
                    need(values, "cluster"), Long.parseLong(need(values, "raft-id"), 16), need(values, "node")));
        } catch (IOException e) {
            throw new StateException(file, "cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new StateException(file, "is damaged: " + e.getMessage(), e);
        }
    }

    /** Whether the member began as a cluster of its own; else others took it in. */
    public boolean founder() {
        try {
            return !Files.exists(file) || !"no".equals(parse(Files.readString(file)).get("founder"));
        } catch (IOException e) {
            throw new StateException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> parse(String text) {
        Map<String, String> values = new HashMap<>();
        for (String line : text.lines().toList()) {
            int equals = line.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("no '=' in line '" + line + "'");
            }
            values.put(line.substring(0, equals), line.substring(equals + 1));
        }
        return values;
    }

    private static String need(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no line '" + key + "='");
        }
        return value;
    }

    public void write(RaftIdentity identity, boolean founder) {
        String text = "cluster=" + identity.clusterId() + "\nraft-id=" + Long.toHexString(identity.raftId()) + "\nnode="
                + identity.nodeId() + "\nfounder=" + (founder ? "yes" : "no") + "\n";
        try {
            DurableFiles.write(file, text);
        } catch (IOException e) {
            throw new StateException(file, "cannot be written: " + e.getMessage(), e);
        }
    }
}
