package io.osmia.itests.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The processes of tasks as the machine sees them, independent of what the node says. */
public final class HostProcesses {

    /** A process that is the same only if both agree. */
    public record Identity(long pid, String start) {}

    private HostProcesses() {}

    /** The live process of each task, from the supervisors' files and /proc. */
    public static Map<String, Identity> live(Path stateDir) throws IOException {
        Map<String, Identity> live = new TreeMap<>();
        Path folder = stateDir.resolve("worker/process/run");
        if (!Files.isDirectory(folder)) {
            return live;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> !f.getFileName().toString().startsWith(".")).toList()) {
                identity(file)
                        .filter(HostProcesses::isAlive)
                        .ifPresent(identity -> live.put(file.getFileName().toString(), identity));
            }
        }
        return live;
    }

    /** The process that a supervisor's file names; empty when the file has gone meanwhile. */
    private static Optional<Identity> identity(Path file) throws IOException {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith("process="))
                    .map(line -> line.substring("process=".length()).split(" "))
                    .map(words -> new Identity(Long.parseLong(words[0]), words[1]))
                    .findFirst();
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    /** Whether this very process has not ended. */
    public static boolean isAlive(Identity process) {
        return !process.start().isEmpty() && startOf(process.pid()).equals(process.start());
    }

    /** When that process started, in ticks since boot; empty when it has ended. */
    public static String startOf(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid + "", "stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[0].equals("Z") ? "" : fields[19];
        } catch (IOException gone) {
            return ""; // there is no such file, or it cannot be read: the process ended after the file was opened
        }
    }

    /** Every process, supervisors included, that belongs to tasks of the node with this state directory. */
    public static List<ProcessHandle> of(Path stateDir) throws IOException {
        List<ProcessHandle> found = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        Path tasks = stateDir.resolve("worker/process/tasks");
        if (Files.isDirectory(tasks)) {
            try (Stream<Path> folders = Files.list(tasks)) {
                folders.forEach(f -> ids.add(f.getFileName().toString()));
            }
        }
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            String environment = read(process.pid(), "environ");
            String command = read(process.pid(), "cmdline");
            boolean ours = command.contains(stateDir.resolve("worker/process").toString())
                    || ids.stream().anyMatch(id -> environment.contains("OSMIA_TASK_ID=" + id));
            if (ours) {
                found.add(process);
            }
        }
        return found;
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", pid + "", file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** Kills them and waits for their ends: after that they write no file any more. */
    public static void killAll(Path stateDir) throws IOException {
        List<Identity> killed = new ArrayList<>();
        for (ProcessHandle process : of(stateDir)) {
            killed.add(new Identity(process.pid(), startOf(process.pid())));
            process.destroyForcibly();
        }
        Awaitility.await("the processes of the tasks in " + stateDir + " die")
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> killed.stream().noneMatch(HostProcesses::isAlive));
    }
}
