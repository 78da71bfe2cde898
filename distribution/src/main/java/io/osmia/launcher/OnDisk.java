package io.osmia.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Entry point of the commands that work on a state directory and not through a node. */
public final class OnDisk {

    private static final int REFUSED = 1;

    private OnDisk() {}

    /** @param args the command's two words and what follows them */
    public static void main(String[] args) {
        System.exit(run(List.of(args), System.getenv(), System.out, System.err));
    }

    static int run(List<String> args, Map<String, String> env, PrintStream out, PrintStream err) {
        String name = "osmia " + String.join(" ", args.subList(0, Math.min(2, args.size())));
        try {
            command(name, new ArrayList<>(args.subList(Math.min(2, args.size()), args.size())), env, out);
            return 0;
        } catch (UsageException e) {
            err.println(name + ": " + e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            err.println(name + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return REFUSED;
    }

    private static void command(String name, List<String> flags, Map<String, String> env, PrintStream out)
            throws UsageException, IOException, InterruptedException {
        boolean force = flags.remove("--force");
        // The rest is flags that a node takes as well, so that a state directory is named and found alike.
        NodeCommandLine rest = NodeCommandLine.parse(flags, Map.of());
        if (!rest.values().keySet().stream().allMatch(flag -> flag == NodeFlag.STATE_DIR)) {
            throw new UsageException("takes --state-dir and --force; see '" + name + " --help'");
        }
        Path stateDir = rest.stateDir(env, System.getProperty("user.name"), System.getProperty("user.home"));
        switch (name) {
            case "osmia node leave" -> new Leave(stateDir, force, out).run();
            default -> throw new UsageException("is no command");
        }
    }
}
