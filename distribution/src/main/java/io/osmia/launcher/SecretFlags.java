package io.osmia.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Secrets that are not on the command line, where every user of the machine could read them. */
final class SecretFlags {

    /** A token has 85 characters. */
    private static final int LONGEST = 4096;

    private SecretFlags() {}

    /** Adds those of the environment, and replaces {@code @path} by what the file holds. */
    static void complete(Map<NodeFlag, String> values, Map<String, String> env) throws UsageException {
        for (NodeFlag flag : NodeFlag.values()) {
            if (flag.isSecret()) {
                String variable = env.getOrDefault(flag.variable(), "");
                if (!variable.isBlank()) {
                    values.putIfAbsent(flag, variable.strip());
                }
                String given = values.getOrDefault(flag, "");
                if (given.startsWith("@")) {
                    values.put(flag, read(flag, Path.of(given.substring(1))));
                }
            }
        }
    }

    private static String read(NodeFlag flag, Path file) throws UsageException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UsageException(flag.flag() + ": cannot read " + file + ": " + e.getClass().getSimpleName());
        }
    }
}
