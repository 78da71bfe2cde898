package io.osmia.itests.input;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Wanted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine with older Javas only, as seen from a mount namespace in which nothing is where a Java 25 was. */
class NoJavaIT {

    /** Hides each Java 25 that the launcher finds, then runs the launcher. */
    private static final String HIDING =
            """
            launcher=$1
            shift
            while java=$(OSMIA_PRINT_JAVA=1 "$launcher" 2>/dev/null); do
                mount -t tmpfs none "$java" || exit 99
            done
            exec "$launcher" "$@"
            """;

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    void withoutJava25OneLineNamesThePackage() throws Exception {
        Path state = dir.resolve("n");
        for (List<String> words : List.of(List.of("node", "--state-dir", state.toString()), List.of("version"))) {
            Distribution.Result result = withoutJava25(words);
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            assertThat(result.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("osmia: needs Java 25")
                    .contains("install the package temurin-25-jdk or openjdk-25-jdk");
        }
        assertThat(Files.exists(state)).isFalse();
    }

    private static Distribution.Result withoutJava25(List<String> words) throws Exception {
        List<String> hidden = new ArrayList<>(List.of(Wanted.command("unshare", "util-linux").toString()));
        hidden.add(Wanted.isRoot() ? "-m" : "-rm");
        List<String> probe = new ArrayList<>(hidden);
        probe.addAll(List.of("mount", "-t", "tmpfs", "none", "/mnt"));
        Wanted.allowed(run(probe).code() == 0, "no mount namespace can be made here (unshare -m)");
        hidden.addAll(List.of("sh", "-c", HIDING, "hiding", Distribution.launcher()));
        hidden.addAll(words);
        return run(hidden);
    }

    private static Distribution.Result run(List<String> command) throws Exception {
        return Distribution.run(Map.of("OSMIA_JAVA_HOME", "", "JAVA_HOME", ""), command);
    }
}
