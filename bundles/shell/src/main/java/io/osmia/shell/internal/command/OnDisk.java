package io.osmia.shell.internal.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
