package io.osmia.itests.harness;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test wants of the machine beyond a base system. Where it is missing the test is skipped and says which Debian
 * package it wants; with {@code -Dosmia.requireEngines=true} it fails instead.
 */
public final class Wanted {

    private static final boolean REQUIRED = Boolean.getBoolean("osmia.requireEngines");

    /** The runner counts what is left out, but keeps the reason to itself. */
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private Wanted() {}

    /** The path of a command that Debian has in this package. */
    public static Path command(String name, String debianPackage) {
        Optional<Path> found = find(name);
        that(found.isPresent(), "no command " + name + ": install the Debian package " + debianPackage);
        return found.orElseThrow();
    }

    /** Rights that only root has. An ordinary user who wants all engines is not asked for them. */
    public static void root(String why) {
        allowed(isRoot(), "not root: " + why);
    }

    public static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Anything else that may be missing; the text says what to do about it. */
    public static void that(boolean present, String text) {
        if (!present && REQUIRED) {
            Assertions.fail(text);
        }
        allowed(present, text);
    }

    /** What no package brings, because this machine or this user may not: the test is left out in any case. */
    public static void allowed(boolean present, String text) {
        if (!present && SAID.add(text)) {
            System.out.println("Tests are left out: " + text);
        }
        Assumptions.assumeTrue(present, text);
    }

    private static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin:/sbin";
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
