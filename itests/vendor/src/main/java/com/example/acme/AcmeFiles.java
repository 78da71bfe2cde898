package com.example.acme;

import io.osmia.api.executor.ExecutorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The workloads, a file for each. */
record AcmeFiles(Path folder) {

    /** What a file says. */
    enum State {
        ABSENT,
        PREPARED,
        RUNNING,
        ENDED
    }

    /** Ids are letters and digits, no text of users. */
    private Path file(String nodeId, String taskId) {
        return folder.resolve(nodeId).resolve(taskId);
    }

    State state(String nodeId, String taskId) throws ExecutorException {
        try {
            return State.valueOf(Files.readString(file(nodeId, taskId)));
        } catch (NoSuchFileException e) {
            return State.ABSENT;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    void write(String nodeId, String taskId, State state) throws ExecutorException {
        Path file = file(nodeId, taskId);
        try {
            Files.createDirectories(file.getParent());
            Path part = Files.writeString(file.resolveSibling("." + taskId), state.name());
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    void delete(String nodeId, String taskId) throws ExecutorException {
        try {
            Files.deleteIfExists(file(nodeId, taskId));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    List<String> tasks(String nodeId) throws ExecutorException {
        Path node = folder.resolve(nodeId);
        if (!Files.isDirectory(node)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(node)) {
            List<String> ids = new ArrayList<>();
            files.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith(".")).forEach(ids::add);
            return ids;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static ExecutorException failed(IOException e) {
        return new ExecutorException("the workloads' folder cannot be used: " + e, true);
    }
}
