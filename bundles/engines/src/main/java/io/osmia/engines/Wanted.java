package io.osmia.engines;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What the tests want of the machine. Without it they are skipped; with {@code -Dosmia.requireEngines=true} they fail. */
public final class Wanted {

    private static final boolean REQUIRED = Boolean.getBoolean("osmia.requireEngines");

    private Wanted() {}

    /** An ordinary user who wants all engines is not asked for it. */
    public static void root() {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "not root: a container engine of one's own needs it");
    }

    /** A command that Debian has in this package. */
    public static void command(String name, String debianPackage) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        boolean present =
                Arrays.stream(path.split(":", -1)).anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        that(present, "no command " + name + ": install the Debian package " + debianPackage);
    }

    /** Anything else that may be missing; the text says what to do about it. */
    public static void that(boolean present, String text) {
        if (!present && REQUIRED) {
            Assertions.fail(text);
        }
        Assumptions.assumeTrue(present, text);
    }
}
