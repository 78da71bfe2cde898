package io.osmia.shell.internal.command;

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
        private boolean force;
    }

    @Command(name = "recover", description = "Say what a node that goes on alone with --force-new-cluster would keep and lose.")
    public static final class Recover extends OnDisk {
        @Option(names = "--dry-run", required = true, description = "Change nothing; there is no other way yet.")
        private boolean dryRun;
    }

    @Command(name = "restore", description = "Lay a backup into an empty state directory; 'osmia node --force-new-cluster' goes on from it.")
    public static final class Restore extends OnDisk {
        @Parameters(paramLabel = "FILE", description = "What 'osmia cluster backup' wrote.")
        private String file = "";
    }

    @Option(names = "--state-dir", paramLabel = "DIR", description = "The node's state directory. Default: the usual one.")
    private String stateDir = "";

    @Override
    public Integer call() {
        throw Failure.usage("this command works without a node; write it without flags before it, "
                + "such as 'osmia node leave --state-dir DIR'");
    }
}
