package io.osmia.itests.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Everything that was asked and told. Thread-safe. */
public final class History {

    private final ConcurrentLinkedQueue<Operation> operations = new ConcurrentLinkedQueue<>();

    public void add(Operation operation) {
        operations.add(operation);
    }

    public List<Operation> operations() {
        return new ArrayList<>(operations);
    }

    public int succeeded() {
        return (int) operations.stream().filter(Operation::succeeded).count();
    }

    /** Writes one line for each operation; {@link #read} reads it back. */
    public void write(Path file) throws IOException {
        Files.write(file, operations.stream().map(Notation::line).toList());
    }

    public static History read(Path file) throws IOException {
        History history = new History();
        Files.readAllLines(file).forEach(line -> history.add(Notation.operation(line)));
        return history;
    }
}
