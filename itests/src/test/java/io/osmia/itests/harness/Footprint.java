package io.osmia.itests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a node's process holds.
 *
 * @param threads threads of the machine
 * @param descriptors open files
 * @param classes loaded classes, after the garbage was collected
 */
public record Footprint(long threads, long descriptors, long classes) {

    public static Footprint of(Process node) throws IOException, InterruptedException {
        long classes = Jcmd.classes(node);
        return new Footprint(count(node, "task"), count(node, "fd"), classes);
    }

    private static long count(Process node, String folder) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", String.valueOf(node.pid()), folder))) {
            return entries.count();
        }
    }
}
