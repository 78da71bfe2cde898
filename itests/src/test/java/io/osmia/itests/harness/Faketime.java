package io.osmia.itests.harness;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The command {@code faketime}: processes that take it for another time than it is. */
public final class Faketime {

    private static final String PRELOAD = "LD_PRELOAD=";

    private Faketime() {}

    /**
     * From its next start on the node's clock is off; only that which tells the time of day.
     *
     * @param by such as {@code -2h}
     */
    public static Node shift(Node node, String by) throws IOException, InterruptedException {
        String command = Wanted.command("faketime", "faketime").toString();
        String library = Distribution.run(Map.of(), List.of(command, "-m", "-f", by, "env")).lines().stream()
                .filter(line -> line.startsWith(PRELOAD))
                .map(line -> line.substring(PRELOAD.length()))
                .findFirst()
                .orElseThrow();
        return node.environment("LD_PRELOAD", library)
                .environment("FAKETIME", by)
                .environment("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                // What it would put right of waits hangs a JVM.
                .environment("FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }
}
