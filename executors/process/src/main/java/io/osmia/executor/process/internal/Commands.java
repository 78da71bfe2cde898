package io.osmia.executor.process.internal;

import io.osmia.api.executor.ExecutorException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks before a start whether the command and the directory are there: a clear refusal beats exit code 127. */
final class Commands {

    private Commands() {}

    static void check(ProcessSpec spec) throws ExecutorException {
        if (!spec.dir().isEmpty() && !Files.isDirectory(Path.of(spec.dir()))) {
            throw ProcessSpec.refused("directory '" + spec.dir() + "' does not exist on this node");
        }
        String command = spec.argv().getFirst();
        if (command.contains("/")) {
            Path base = spec.dir().isEmpty() ? Path.of("/") : Path.of(spec.dir());
            if (command.startsWith("/") || !spec.dir().isEmpty()) {
                executable(base.resolve(command), command);
            }
            return;
        }
        String path = spec.env().getOrDefault("PATH", ProcessSpec.PATH);
        for (String folder : path.split(":", -1)) {
            Path file = Path.of(folder.isEmpty() ? "." : folder).resolve(command);
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                return;
            }
        }
        throw ProcessSpec.refused("command '" + command + "' is not in PATH (" + path + ") of this node");
    }

    private static void executable(Path file, String command) throws ExecutorException {
        if (!Files.isRegularFile(file)) {
            throw ProcessSpec.refused("command '" + command + "' does not exist on this node");
        }
        if (!Files.isExecutable(file)) {
            throw ProcessSpec.refused("command '" + command + "' may not be executed on this node");
        }
    }
}
