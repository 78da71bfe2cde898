package io.osmia.shell.internal.plugin;

import io.osmia.shell.internal.command.Failure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a change of plugins goes over several nodes. */
final class RolloutOptions {

    /** What becomes of the other nodes when one refuses. */
    enum OnFailure {
        STOP,
        CONTINUE
    }

    @Mixin
    final NodeChoice nodes = new NodeChoice();

    @Option(names = "--parallelism", paramLabel = "N", description = "Nodes at a time, with --node or --all. Default: 1.")
    private @Nullable Integer parallelism;

    @Option(names = "--on-failure", paramLabel = "stop|continue", description = "Whether to go on with the other nodes when one refuses or is away. Default: stop; with --dry-run continue.")
    private @Nullable OnFailure onFailure;

    @Option(names = "--dry-run", description = "Only say whether it fits, and what would be done.")
    boolean dryRun;

    /** Whether nodes are named; else the one that is asked is meant. */
    boolean isRollout() {
        if (!nodes.isMade() && (parallelism != null || onFailure != null)) {
            throw Failure.usage("--parallelism and --on-failure go with --node or --all");
        }
        return nodes.isMade();
    }

    int parallelism() {
        int nodesAtATime = parallelism == null ? 1 : parallelism;
        if (nodesAtATime < 1) {
            throw Failure.usage("--parallelism must be at least 1");
        }
        return nodesAtATime;
    }

    boolean stops() {
        return onFailure == null ? !dryRun : onFailure == OnFailure.STOP;
    }
}
