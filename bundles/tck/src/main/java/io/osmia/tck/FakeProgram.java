package io.osmia.tck;

import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Health;
import io.osmia.api.executor.Mount;
import io.osmia.api.executor.TaskExit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a {@link FakeWorkload} does over time: a {@link Program}, known by its name. Anything else just runs. */
final class FakeProgram implements Runnable {

    private static final int NAME = 3;
    private static final int BATCH = 20;

    /** A health check that always succeeds. */
    static final List<String> SUCCEEDS = List.of("CMD", "touch", "tck-checked");

    private final FakeWorkload workload;
    private final ExecutorTask task;
    private final List<String> arguments;

    FakeProgram(FakeWorkload workload, ExecutorTask task) {
        this.workload = workload;
        this.task = task;
        List<String> words = words(task);
        this.arguments = words.size() > NAME ? words.subList(NAME + 1, words.size()) : List.of();
    }

    static List<String> words(ExecutorTask task) {
        List<String> words = new ArrayList<>(task.workload().command());
        words.addAll(task.workload().args());
        return words;
    }

    static String name(ExecutorTask task) {
        List<String> words = words(task);
        return words.size() > NAME ? words.get(NAME) : "";
    }

    /** Does what is done at once; whether there is more to do. */
    boolean goesOn() {
        switch (name(task)) {
            case "tck-exits" -> ends(number(0));
            case "tck-child-killed-by" -> ends(arguments.getFirst().equals("KILL") ? 137 : 143);
            case "tck-takes-memory" -> workload.end(OptionalInt.of(137), TaskExit.OUT_OF_MEMORY);
            case "tck-writes-to-both" -> {
                workload.write(false, "out");
                workload.write(true, "err");
                workload.write(false, "open");
                ends(0);
            }
            case "tck-writes-long-line" -> writes("a".repeat(number(0)));
            case "tck-writes-arguments" ->
                writes(arguments.stream().map(a -> "[" + a + "]").collect(Collectors.joining("\n")));
            case "tck-writes-variable" -> writes(environment().getOrDefault(arguments.getFirst(), ""));
            case "tck-writes-file" -> writes(content(arguments.getFirst()));
            case "tck-floods" -> {
                for (int i = 1; i <= number(0); i++) {
                    workload.write(false, "line " + i);
                }
                ends(0);
            }
            case "tck-runs", "tck-ignores-term", "tck-answers-usr1" -> workload.write(false, "ready");
            default -> {
                return true;
            }
        }
        return false;
    }

    @Override
    public void run() {
        try {
            switch (name(task)) {
                case "tck-runs-for" -> runsFor(Duration.ofSeconds(number(0)), number(1));
                case "tck-ends-once-checked" ->
                    runsFor(workload.check().interval().plusSeconds(2), number(0));
                case "tck-writes-lines" -> writesLines();
                case "tck-is-well" -> isWell();
                default -> {
                    // Runs until it is stopped.
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void runsFor(Duration time, int code) throws InterruptedException {
        Duration left = time;
        Duration first = workload.check().interval();
        if (workload.check().test().equals(SUCCEEDS) && first.compareTo(time) < 0) {
            becomes(Health.HEALTHY, first);
            left = time.minus(first);
        }
        if (workload.runFor(left)) {
            ends(code);
        }
    }

    private void writesLines() throws InterruptedException {
        for (int i = 1; i <= number(0); i++) {
            workload.write(false, "line " + i);
            if (i % BATCH == 0 && !workload.runFor(Duration.ofMillis(BATCH))) {
                return;
            }
        }
        ends(0);
    }

    private void isWell() throws InterruptedException {
        Duration patience = workload.check().interval().multipliedBy(workload.check().retries());
        Duration after = Duration.ofSeconds(number(0));
        if (after.compareTo(patience) > 0) {
            becomes(Health.UNHEALTHY, patience);
            return;
        }
        becomes(Health.HEALTHY, after);
        becomes(Health.UNHEALTHY, patience.plusSeconds(number(1)));
    }

    private void becomes(Health health, Duration after) throws InterruptedException {
        if (workload.runFor(after)) {
            workload.healthIs(health);
        }
    }

    private int number(int argument) {
        return Integer.parseInt(arguments.get(argument));
    }

    private void ends(int code) {
        workload.end(OptionalInt.of(code), "");
    }

    private void writes(String text) {
        workload.write(false, text);
        ends(0);
    }

    private Map<String, String> environment() {
        return task.environment().stream().collect(Collectors.toMap(
                entry -> entry.substring(0, entry.indexOf('=')),
                entry -> entry.substring(entry.indexOf('=') + 1),
                (former, later) -> later));
    }

    private String content(String path) {
        Function<Mount, Path> source = mount -> Path.of(mount.source() + path.substring(mount.target().length()));
        return task.workload().mounts().stream()
                .filter(mount -> path.startsWith(mount.target() + "/"))
                .findFirst()
                .map(source)
                .map(FakeProgram::read)
                .orElse("");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).stripTrailing();
        } catch (IOException e) {
            return e.toString();
        }
    }
}
