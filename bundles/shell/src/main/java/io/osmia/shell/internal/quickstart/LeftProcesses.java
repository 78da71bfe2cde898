package io.osmia.shell.internal.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Processes of tasks, and their supervisors, that run although the node does not. */
final class LeftProcesses {

    private final Path executor;

    LeftProcesses(Folder folder) {
        this.executor = folder.worker().resolve("process");
    }

    /** Those that carry the id of one of the node's tasks, and those that run the node's supervisor script. */
    List<HostProcess> find() throws IOException {
        List<String> marks = marks();
        List<HostProcess> found = new ArrayList<>();
        for (ProcessHandle handle : ProcessHandle.allProcesses().toList()) {
            Optional<HostProcess> process = HostProcess.of(handle.pid());
            if (process.isPresent() && handle.pid() != ProcessHandle.current().pid() && isOurs(handle.pid(), marks)) {
                found.add(process.get());
            }
        }
        return found;
    }

    private List<String> marks() throws IOException {
        try (Stream<Path> tasks = Files.list(executor.resolve("tasks"))) {
            return tasks.map(task -> "OSMIA_TASK_ID=" + task.getFileName()).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private boolean isOurs(long pid, List<String> marks) {
        return words(pid, "cmdline").contains(executor.resolve("supervise.sh").toString())
                || words(pid, "environ").stream().anyMatch(marks::contains);
    }

    private static List<String> words(long pid, String file) {
        try {
            return List.of(Files.readString(Path.of("/proc", Long.toString(pid), file), StandardCharsets.UTF_8)
                    .split("\0"));
        } catch (IOException e) {
            // ended meanwhile, or someone else's, which no process of ours would be
            return List.of();
        }
    }
}
