package io.osmia.itests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What a node's process holds, after a collection of garbage.
 *
 * @param threads of the operating system
 * @param descriptors open files and connections
 * @param loaders class loaders
 * @param classes loaded and not given up
 * @param rss KiB of memory in use
 */
public record Footprint(long threads, long descriptors, long loaders, long classes, long rss) {

    /** Java keeps the carriers of virtual threads for half a minute after their last use, gRPC its threads for one. */
    public static final Duration UNTIL_IDLE_THREADS_END = Duration.ofMinutes(3);

    public static Footprint of(Process node) throws IOException, InterruptedException {
        Jcmd.Loaded loaded = Jcmd.loaded(node);
        return new Footprint(count(node, "task"), count(node, "fd"), loaded.loaders(), loaded.classes(),
                rss(node));
    }

    private static long rss(Process node) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(node.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static long count(Process node, String folder) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", String.valueOf(node.pid()), folder))) {
            return entries.count();
        }
    }
}
