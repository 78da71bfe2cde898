package io.osmia.launcher;

import io.osmia.ca.OfflineKeys;
import io.osmia.raft.OfflineState;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

/** {@code osmia cluster recover --dry-run}: tells what a stopped manager would go on with alone, and changes nothing. */
final class Recover {

    private final Path stateDir;
    private final Optional<byte[]> unlockKey;
    private final PrintStream out;

    Recover(Path stateDir, Optional<byte[]> unlockKey, PrintStream out) {
        this.stateDir = stateDir;
        this.unlockKey = unlockKey;
        this.out = out;
    }

    void run() {
        OfflineState state = OfflineState.inspect(
                stateDir, OfflineKeys.read(stateDir.resolve("certificates"), unlockKey).orElse(null));
        out.println("node " + state.identity().nodeId() + ", cluster " + state.identity().clusterId());
        state.consequences().forEach(out::println);
        state.objects().forEach((kind, count) -> {
            if (count > 0) {
                out.printf("  %-12s %d%n", kind, count);
            }
        });
        out.println("nothing was changed; 'osmia node --state-dir " + stateDir + " --force-new-cluster' goes on alone."
                + " Never while the other managers still run: there would be two clusters with the same id");
    }
}
