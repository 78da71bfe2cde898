package io.osmia.itests.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The assembled distribution under test, and its command line. */
public final class Distribution {

    public static final Path HOME =
            Path.of(System.getProperty("osmia.home", "../distribution/target/osmia")).toAbsolutePath().normalize();

    private static final Duration BOUND = Duration.ofMinutes(3);

    private Distribution() {}

    /** What a command answered. */
    public record Result(int code, String out, String err) {

        public List<String> lines() {
            return out.lines().toList();
        }
    }

    public static String launcher() {
        return HOME.resolve("bin/osmia").toString();
    }

    /** Runs {@code osmia} with these words and waits for it. */
    public static Result osmia(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher()));
        command.addAll(List.of(words));
        return run(Map.of(), command);
    }

    public static Result run(Map<String, String> env, List<String> command) throws IOException, InterruptedException {
        return run(env, command, BOUND);
    }

    public static Result run(Map<String, String> env, List<String> command, Duration bound)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("osmia-out-", ".txt");
        Path err = Files.createTempFile("osmia-err-", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(env);
            Process process = builder.start();
            if (!process.waitFor(bound.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end within " + bound);
            }
            return new Result(
                    process.exitValue(),
                    new String(Files.readAllBytes(out), StandardCharsets.UTF_8),
                    new String(Files.readAllBytes(err), StandardCharsets.UTF_8));
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }
}
