package io.osmia.itests.input;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What is in a state directory, to see whether anything has changed. What can be rebuilt, and who holds the lock, is left out. */
final class StateTree {

    private StateTree() {}

    /** Each path below with its mode, and for a file when it was written and what is in it. */
    static Map<String, String> of(Path stateDir) throws IOException, NoSuchAlgorithmException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(stateDir)) {
            for (Path path : paths.toList()) {
                String name = stateDir.relativize(path).toString();
                if (!name.startsWith("felix-cache")) {
                    tree.put(name, describe(path, !name.equals("node.lock")));
                }
            }
        }
        return tree;
    }

    /** What is in one and not in the other. */
    static Set<String> difference(Map<String, String> before, Map<String, String> after) {
        Set<String> difference = new TreeSet<>();
        before.forEach((path, state) -> {
            if (!state.equals(after.get(path))) {
                difference.add("before: " + path + " " + state);
            }
        });
        after.forEach((path, state) -> {
            if (!state.equals(before.get(path))) {
                difference.add("after: " + path + " " + state);
            }
        });
        return difference;
    }

    private static String describe(Path path, boolean withContent) throws IOException, NoSuchAlgorithmException {
        PosixFileAttributes attributes =
                Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String mode = PosixFilePermissions.toString(attributes.permissions());
        if (!attributes.isRegularFile() || !withContent) {
            return mode;
        }
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path));
        return mode + " " + attributes.lastModifiedTime() + " " + HexFormat.of().formatHex(hash);
    }
}
