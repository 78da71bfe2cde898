package io.osmia.scheduler.internal.filter;

import io.osmia.scheduler.internal.cluster.NodeState;
import io.osmia.wire.swarmkit.Platform;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import java.util.Optional;

/** The node must be of one of the platforms that the task can run on (rule 4.3, 5). */
record PlatformFilter(List<Platform> platforms) implements Filter {

    static Optional<Filter> of(Task task) {
        List<Platform> platforms = task.getSpec().getPlacement().getPlatformsList();
        return platforms.isEmpty() ? Optional.empty() : Optional.of(new PlatformFilter(platforms));
    }

    @Override
    public boolean passes(NodeState node) {
        if (!node.node().getDescription().hasPlatform()) {
            return false;
        }
        Platform own = node.node().getDescription().getPlatform();
        return platforms.stream()
                .anyMatch(wanted -> fits(wanted.getOs(), own.getOs())
                        && fits(plain(wanted.getArchitecture()), plain(own.getArchitecture())));
    }

    private static boolean fits(String wanted, String own) {
        return wanted.isEmpty() || wanted.equals(own);
    }

    /** Two architectures go by two names each. */
    private static String plain(String architecture) {
        return switch (architecture) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> architecture;
        };
    }

    @Override
    public String explain(List<NodeState> failing) {
        return Filter.on("unsupported platform", failing);
    }
}
