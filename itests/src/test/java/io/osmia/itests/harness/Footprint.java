package io.osmia.itests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a node's process holds, after a collection of garbage.
 *
 * @param threads of the operating system
 * @param descriptors open files and connections
 * @param loaders class loaders
 * @param classes loaded and not given up
 */
public record Footprint(long threads, long descriptors, long loaders, long classes) {

    public static Footprint of(Process node) throws IOException, InterruptedException {
        Jcmd.Loaded loaded = Jcmd.loaded(node);
        return new Footprint(count(node, "task"), count(node, "fd"), loaded.loaders(), loaded.classes());
    }

    private static long count(Process node, String folder) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", String.valueOf(node.pid()), folder))) {
            return entries.count();
        }
    }
}
