package io.osmia.launcher;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks someone at a terminal for the unlock key that a locked manager needs and was not given. */
final class UnlockPrompt {

    private static final String LOCKED = "BEGIN ENCRYPTED PRIVATE KEY";

    private UnlockPrompt() {}

    /** Adds the answer to the properties; does nothing where nothing is locked, or nobody can be asked. */
    static void complete(Map<String, String> properties, Path stateDir, @Nullable Console console)
            throws UsageException {
        if (console == null || !console.isTerminal() || properties.containsKey(NodeFlag.UNLOCK_KEY.key())) {
            return;
        }
        if (isLocked(stateDir)) {
            String key = Optional.ofNullable(console.readPassword("unlock key for %s: ", stateDir))
                    .map(String::new)
                    .orElse("")
                    .strip();
            FlagRules.check(NodeFlag.UNLOCK_KEY, key);
            properties.put(NodeFlag.UNLOCK_KEY.key(), key);
        }
    }

    /** Whether the key of the node's certificate is encrypted. */
    static boolean isLocked(Path stateDir) {
        Path key = stateDir.resolve("certificates").resolve("swarm-node.key");
        try {
            return Files.readString(key, StandardCharsets.US_ASCII).contains(LOCKED);
        } catch (IOException e) {
            return false; // there is none, or the node will say what is wrong with it
        }
    }
}
