package io.osmia.launcher;

import io.osmia.wire.UnlockKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The words of a command that works on a state directory.
 *
 * @param on flags without a value that were given
 * @param file empty when the command takes none
 */
record Words(Path stateDir, Set<String> on, String file, Optional<byte[]> unlockKey) {

    /**
     * @param name of the command, with {@code osmia}
     * @param given what follows it
     * @throws UsageException when the command does not take it, or wants more
     */
    static Words of(String name, List<String> given, Map<String, String> env) throws UsageException {
        List<String> words = new ArrayList<>(given);
        Set<String> on = new HashSet<>();
        for (String flag : List.of("--force", "--dry-run")) {
            if (words.remove(flag)) {
                on.add(flag);
            }
        }
        String file = name.equals(OnDisk.RESTORE) ? file(words) : "";
        // The rest is flags that a node takes as well, so that a state directory is named and found alike.
        NodeCommandLine rest = NodeCommandLine.parse(withUnlockKey(name, words, env), Map.of());
        check(name, on, file, rest.values().keySet());
        Path stateDir = rest.stateDir(env, System.getProperty("user.name"), System.getProperty("user.home"));
        Optional<byte[]> key = Optional.ofNullable(rest.values().get(NodeFlag.UNLOCK_KEY)).map(UnlockKey::parse);
        return new Words(stateDir, on, file, key);
    }

    /** Other secrets of the environment are a node's. */
    private static List<String> withUnlockKey(String name, List<String> words, Map<String, String> env) {
        String key = env.getOrDefault(NodeFlag.UNLOCK_KEY.variable(), "").strip();
        boolean given = words.stream().anyMatch(word -> word.startsWith(NodeFlag.UNLOCK_KEY.flag()));
        if (!name.equals(OnDisk.LEAVE) && !key.isEmpty() && !given) {
            words.add(NodeFlag.UNLOCK_KEY.flag() + "=" + key);
        }
        return words;
    }

    /** The one word that is neither a flag nor a flag's value. */
    private static String file(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("-")) {
                return words.remove(i);
            }
            i += word.contains("=") ? 0 : 1;
        }
        return "";
    }

    private static void check(String name, Set<String> on, String file, Set<NodeFlag> flags) throws UsageException {
        EnumSet<NodeFlag> others = EnumSet.noneOf(NodeFlag.class);
        others.addAll(flags);
        others.remove(NodeFlag.STATE_DIR);
        switch (name) {
            case OnDisk.LEAVE -> require(
                    others.isEmpty() && !on.contains("--dry-run"), "takes --state-dir and --force", name);
            case OnDisk.RECOVER -> {
                others.remove(NodeFlag.UNLOCK_KEY);
                require(others.isEmpty() && !on.contains("--force"), "takes --dry-run, --state-dir and --unlock-key",
                        name);
                require(
                        on.contains("--dry-run"),
                        "only tells what would be, with --dry-run; 'osmia node --state-dir DIR"
                                + " --force-new-cluster' does it",
                        name);
            }
            default -> {
                others.remove(NodeFlag.UNLOCK_KEY);
                require(others.isEmpty() && on.isEmpty(), "takes --state-dir, --unlock-key and the backup's FILE",
                        name);
                require(!file.isEmpty(), "wants the FILE that 'osmia cluster backup' wrote", name);
            }
        }
    }

    private static void require(boolean kept, String otherwise, String name) throws UsageException {
        if (!kept) {
            throw new UsageException(otherwise + "; see '" + name + " --help'");
        }
    }

    boolean has(String flag) {
        return on.contains(flag);
    }
}
