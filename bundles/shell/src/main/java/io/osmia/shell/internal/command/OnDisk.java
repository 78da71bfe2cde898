package io.osmia.shell.internal.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Commands that work on a state directory and not through a node. The start script hands them to the launcher, which may
 * take the directory; here they only stand in the help.
 */
public abstract class OnDisk implements Callable<Integer> {

    @Command(name = "leave", description = "Take the node of a state directory out of its cluster. A manager must be demoted first.")
    public static final class Leave extends OnDisk {
        @Option(names = "--force", description = "Also a manager, or a node whose tasks may still run; what it knew is lost.")
        void setForce(boolean force) {
            // the launcher acts on it
        }
    }

    @Command(name = "restore", description = "Found a cluster of one manager from a backup, with the same id, objects, root and tokens.", footer = {
        "", "The state directory must hold no node yet; 'osmia node --state-dir DIR' starts it afterwards.",
        "Never while managers of the cluster still run, here or elsewhere."})
    public static final class Restore extends OnDisk {
        @Parameters(paramLabel = "FILE", description = "What 'osmia cluster backup' wrote.")
        void setFile(Path file) {
            // the launcher acts on it
        }

        @Option(names = "--unlock-key", paramLabel = "KEY|@FILE", description = "Opens certificates that are there already and locked; better in OSMIA_UNLOCK_KEY.")
        void setUnlockKey(String key) {
            // the launcher acts on it
        }
    }

    @Command(name = "recover", description = "Tell what a stopped manager would keep and lose as a cluster of its own.", footer = {
        "", "'osmia node --state-dir DIR --force-new-cluster' then does it."})
    public static final class Recover extends OnDisk {
        @Option(names = "--dry-run", required = true, description = "Only tell, change nothing.")
        void setDryRun(boolean dryRun) {
            // the launcher acts on it
        }

        @Option(names = "--unlock-key", paramLabel = "KEY|@FILE", description = "Opens a locked manager; better in OSMIA_UNLOCK_KEY.")
        void setUnlockKey(String key) {
            // the launcher acts on it
        }
    }

    @Option(names = "--state-dir", paramLabel = "DIR", description = "The node's state directory. Default: the usual one.")
    void setStateDir(Path stateDir) {
        // the launcher acts on it
    }

    @Override
    public Integer call() {
        throw Failure.usage("this command works without a node; write it without flags before it, "
                + "such as 'osmia node leave --state-dir DIR'");
    }
}
