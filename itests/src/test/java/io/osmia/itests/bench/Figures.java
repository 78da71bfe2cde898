package io.osmia.itests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Prints what was measured, and on what. */
final class Figures {

    private static final double CLOCK_TICKS = 100;

    private Figures() {}

    static void machine() throws IOException {
        System.out.println("machine: " + Runtime.getRuntime().availableProcessors() + " processors, load "
                + Files.readString(Path.of("/proc/loadavg")).strip());
    }

    static void print(String what, List<Double> values, String unit) {
        List<Double> sorted = values.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%-52s median %9.2f %s   (min %.2f, p99 %.2f, max %.2f, n %d)%n",
                what,
                sorted.get(sorted.size() / 2),
                unit,
                sorted.getFirst(),
                sorted.get((int) (sorted.size() * 0.99)),
                sorted.getLast(),
                sorted.size());
    }

    static void print(String what, double value, String unit) {
        System.out.printf(Locale.ROOT, "%-52s        %9.2f %s%n", what, value, unit);
    }

    static double millisSince(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }

    static double residentMegabytes(Process process) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", process.pid() + "", "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
            }
        }
        throw new IllegalStateException("no VmRSS");
    }

    /** Seconds of processor that the process has used. */
    static double processorSeconds(ProcessHandle process) throws IOException {
        String stat = Files.readString(Path.of("/proc", process.pid() + "", "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / CLOCK_TICKS;
    }
}
