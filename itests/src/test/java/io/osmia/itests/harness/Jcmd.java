package io.osmia.itests.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a node's Java says of itself, asked with the JDK's own tool. */
public final class Jcmd {

    private Jcmd() {}

    /** How many class loaders hold a class of that name, after the garbage was collected. */
    public static long loaders(Process node, String className) throws IOException, InterruptedException {
        run(node, "GC.run");
        return run(node, "VM.classloaders", "show-classes").lines()
                .filter(line -> line.replace("Classes:", "").strip().equals(className))
                .count();
    }

    /** Class loaders, and the classes they hold. */
    record Loaded(long loaders, long classes) {}

    /** What is loaded, after the garbage was collected. */
    static Loaded loaded(Process node) throws IOException, InterruptedException {
        run(node, "GC.run");
        String[] total = run(node, "VM.classloader_stats").lines()
                .filter(line -> line.startsWith("Total"))
                .findFirst()
                .orElseThrow()
                .split("\\s+");
        return new Loaded(Long.parseLong(total[2]), Long.parseLong(total[3]));
    }

    /** What its threads are at, with the locks that they hold and wait for. */
    static String threads(Process node) throws IOException, InterruptedException {
        return run(node, "Thread.print", "-l");
    }

    private static String run(Process node, String... command) throws IOException, InterruptedException {
        Path java = Path.of(node.info().command().orElseThrow());
        List<String> words = new ArrayList<>(
                List.of(java.resolveSibling("jcmd").toString(), String.valueOf(node.pid())));
        words.addAll(List.of(command));
        Distribution.Result result = Distribution.run(Map.of(), words);
        if (result.code() != 0) {
            throw new IOException(result.out() + result.err());
        }
        return result.out();
    }
}
