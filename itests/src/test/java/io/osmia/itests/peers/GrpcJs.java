package io.osmia.itests.peers;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** The client of {@code src/test/js} with the library that its lock file pins. */
final class GrpcJs {

    private static final Path SOURCES = Path.of("src/test/js");
    private static final Path INSTALLED = Path.of("target/js").toAbsolutePath();
    private static final Path PROTOCOL = Path.of("../bundles/wire/src/main/proto").toAbsolutePath().normalize();

    private final Path node;

    private GrpcJs(Path node) {
        this.node = node;
    }

    /** Installs what the lock file names, unless an earlier run has. */
    static GrpcJs install() throws IOException, InterruptedException {
        Path node = Wanted.command("node", "nodejs");
        Path npm = Wanted.command("npm", "npm");
        Files.createDirectories(INSTALLED);
        boolean same = isInstalled();
        for (String file : List.of("package.json", ".npmrc", "client.js")) {
            copy(file);
        }
        if (!same) {
            copy("package-lock.json");
            Distribution.Result result = fetch(npm);
            if (result.code() != 0) {
                result = fetch(npm); // what comes from a registry far away, and is no part of what is tested
            }
            assertThat(result.code()).as(result.err()).isZero();
        }
        return new GrpcJs(node);
    }

    /** Scripts of packages are not needed, so they are not run. */
    private static Distribution.Result fetch(Path npm) throws IOException, InterruptedException {
        return Distribution.run(
                Map.of(),
                List.of(npm.toString(), "ci", "--prefix", INSTALLED.toString(), "--ignore-scripts",
                        "--prefer-offline"));
    }

    private static boolean isInstalled() throws IOException {
        Path lock = INSTALLED.resolve("package-lock.json");
        return Files.exists(INSTALLED.resolve("node_modules/.package-lock.json"))
                && Files.exists(lock)
                && Files.mismatch(lock, SOURCES.resolve("package-lock.json")) < 0;
    }

    private static void copy(String file) throws IOException {
        Files.copy(SOURCES.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Runs all steps; an empty authority leaves it to the library. */
    Distribution.Result run(Path socket, String mode, String authority) throws IOException, InterruptedException {
        return Distribution.run(
                Map.of(),
                List.of(
                        node.toString(),
                        INSTALLED.resolve("client.js").toString(),
                        socket.toString(),
                        PROTOCOL.toString(),
                        mode,
                        authority));
    }
}
