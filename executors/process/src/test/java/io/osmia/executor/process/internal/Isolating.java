package io.osmia.executor.process.internal;

import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What isolated processes want of the machine. Without it tests are skipped; with {@code -Dosmia.requireEngines=true} they fail. */
final class Isolating {

    private Isolating() {}

    static void required() {
        boolean root = System.getProperty("user.name").equals("root");
        String objection = Isolation.objection(root, Cgroups.detect(Path.of("/sys/fs/cgroup")));
        if (!objection.isEmpty() && Boolean.getBoolean("osmia.requireEngines") && root) {
            Assertions.fail("processes cannot be isolated here: " + objection);
        }
        Assumptions.assumeTrue(objection.isEmpty(), "processes cannot be isolated here: " + objection);
    }
}
