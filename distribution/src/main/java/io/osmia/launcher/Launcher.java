package io.osmia.launcher;

import io.osmia.raft.StateDirectory;
import io.osmia.raft.StateException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;

/** Entry point of {@code osmia node}: runs a node in the foreground. */
public final class Launcher {

    private static final int REFUSED = 1;
    private static final int USAGE = 2;

    /** How often it is looked whether virtual threads move. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private Launcher() {}

    /**
     * @param args the words after {@code osmia node}; the installation is named by the system property {@code osmia.home}
     */
    public static void main(String[] args) {
        int code = run(List.of(args), System.err);
        // Felix and netty leave threads that are no daemons behind; everything of ours is closed by now.
        Runtime.getRuntime().halt(code);
    }

    private static int run(List<String> args, PrintStream err) {
        NodeCommandLine line;
        Path stateDir;
        try {
            line = NodeCommandLine.parse(args, System.getenv());
            stateDir = line.stateDir(
                    System.getenv(), System.getProperty("user.name"), System.getProperty("user.home"));
            if (!line.help()) {
                FlagRules.checkJoining(line.values(), stateDir);
            }
        } catch (UsageException e) {
            err.println("osmia node: " + e.getMessage());
            return USAGE;
        }
        if (line.help()) {
            Help.print(System.out);
            return 0;
        }
        Path home = Path.of(System.getProperty("osmia.home", ".")).toAbsolutePath();
        try (StateDirectory state = StateDirectory.open(stateDir)) {
            Map<String, String> properties = line.properties();
            UnlockPrompt.complete(properties, state.path(), System.console());
            Logging.configure(properties.getOrDefault(NodeFlag.LOG_LEVEL.key(), "info"));
            Logger log = Logger.getLogger(Launcher.class.getName());
            Carriers.watch(LOOK, log::warning);
            return new FelixRuntime(home, state.path(), properties).run();
        } catch (UsageException e) {
            err.println("osmia node: " + e.getMessage());
            return USAGE;
        } catch (StateException e) {
            err.println("osmia node: " + e.getMessage());
            return REFUSED;
        } catch (IOException e) {
            err.println("osmia node: cannot start from " + home + ": " + e);
            return REFUSED;
        }
    }
}
