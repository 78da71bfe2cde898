package io.osmia.itests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final String JCMD =
            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();

    /** Last line of {@code VM.classloader_stats}: loaders, classes, and bytes. */
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total = (\\d+)\\s+(\\d+)\\s");

    public static Footprint of(Node node) throws IOException, InterruptedException {
        long pid = node.process().pid();
        ask(pid, "GC.run");
        Matcher total = TOTAL.matcher(ask(pid, "VM.classloader_stats"));
        if (!total.find()) {
            throw new AssertionError("jcmd says no total of class loaders");
        }
        return new Footprint(
                count(pid, "task"),
                count(pid, "fd"),
                Long.parseLong(total.group(1)),
                Long.parseLong(total.group(2)));
    }

    private static String ask(long pid, String command) throws IOException, InterruptedException {
        Distribution.Result result = Distribution.run(Map.of(), List.of(JCMD, pid + "", command));
        if (result.code() != 0) {
            throw new AssertionError("jcmd " + command + ": " + result.out() + result.err());
        }
        return result.out();
    }

    private static long count(long pid, String what) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", pid + "", what))) {
            return all.count();
        }
    }
}
