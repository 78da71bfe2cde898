package io.osmia.launcher;

import io.osmia.ca.CaException;
import io.osmia.raft.StateException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Entry point of the commands that work on a state directory and not through a node. */
public final class OnDisk {

    static final String LEAVE = "osmia node leave";
    static final String RECOVER = "osmia cluster recover";
    static final String RESTORE = "osmia cluster restore";

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
        } catch (StateException | CaException | IOException | UncheckedIOException e) {
            err.println(name + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return REFUSED;
    }

    private static void command(String name, List<String> flags, Map<String, String> env, PrintStream out)
            throws UsageException, IOException, InterruptedException {
        Words words = Words.of(name, flags, env);
        switch (name) {
            case LEAVE -> new Leave(words.stateDir(), words.has("--force"), out).run();
            case RECOVER -> new Recover(words.stateDir(), words.unlockKey(), out).run();
            case RESTORE -> new Restore(words.stateDir(), Path.of(words.file()), words.unlockKey(), out).run();
            default -> throw new UsageException("is no command");
        }
    }
}
