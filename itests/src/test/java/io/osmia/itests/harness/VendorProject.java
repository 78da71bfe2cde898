package io.osmia.itests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The executor of {@code itests/vendor}, a Maven project that knows osmia-api and nothing else of this build. It is built as a
 * vendor would: offline here, with a repository of its own that holds osmia-api as {@code install} would put it there, in
 * front of the one that this build uses.
 */
public final class VendorProject {

    private static final Duration BOUND = Duration.ofMinutes(5);
    private static final String VERSION = "0.1.0-SNAPSHOT";

    private VendorProject() {}

    /** Builds it in a copy of the folder; returns the jar. */
    public static Path build(Path dir) throws IOException, InterruptedException {
        Path root = Path.of("..").toAbsolutePath().normalize();
        Path project = copy(root.resolve("itests/vendor"), dir.resolve("vendor"));
        Path repository = repository(root, dir.resolve("repository"));
        Distribution.Result result = Distribution.run(
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                List.of(root.resolve("mvnw").toString(), "-o", "-q", "-B", "-T1", "-f",
                        project.resolve("pom.xml").toString(), "-Dmaven.repo.local=" + repository,
                        "-Dmaven.repo.local.tail=" + System.getProperty("osmia.repository"), "package"),
                BOUND);
        if (result.code() != 0) {
            throw new AssertionError("the vendor's project cannot be built:\n" + result.out() + result.err());
        }
        return project.resolve("target/acme.jar");
    }

    private static Path repository(Path root, Path repository) throws IOException {
        put(root.resolve("pom.xml"), repository, "osmia", "pom");
        put(root.resolve("bundles/api/pom.xml"), repository, "osmia-api", "pom");
        put(Distribution.HOME.resolve("system/osmia-api.jar"), repository, "osmia-api", "jar");
        return repository;
    }

    private static void put(Path file, Path repository, String artifact, String type) throws IOException {
        Path folder = Files.createDirectories(repository.resolve("io/osmia").resolve(artifact).resolve(VERSION));
        Files.copy(file, folder.resolve(artifact + "-" + VERSION + "." + type));
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
                if (!file.startsWith(from.resolve("target"))) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
            }
        }
        return to;
    }
}
