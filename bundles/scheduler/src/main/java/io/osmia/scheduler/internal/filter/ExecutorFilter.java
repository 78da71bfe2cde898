package io.osmia.scheduler.internal.filter;

import io.osmia.scheduler.internal.cluster.NodeState;
import io.osmia.wire.ImageReference;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The node must have an executor for the task: the process executor for the image {@code osmia/host} and for generic tasks of
 * kind {@code process}, a container engine for other images, and for other generic tasks the executor of their kind.
 *
 * @param what what is to be run, for people
 * @param kinds executors of which one must be there
 */
record ExecutorFilter(String what, Set<String> kinds) implements Filter {

    private static final String PROCESS = "process";
    private static final String HOST = "docker.io/osmia/host";
    private static final Set<String> ENGINES = Set.of("docker", "podman");

    static Optional<Filter> of(Task task) {
        return switch (task.getSpec().getRuntimeCase()) {
            case CONTAINER -> Optional.of(image(task.getSpec().getContainer().getImage()));
            case GENERIC -> Optional.of(generic(task.getSpec().getGeneric().getKind()));
            case ATTACHMENT, RUNTIME_NOT_SET -> Optional.empty();
        };
    }

    private static Filter image(String image) {
        boolean host = ImageReference.parse(image)
                .map(ImageReference::repository)
                .filter(HOST::equals)
                .isPresent();
        return new ExecutorFilter("image " + image, host ? Set.of(PROCESS) : ENGINES);
    }

    private static Filter generic(String kind) {
        return new ExecutorFilter("generic kind " + kind, Set.of(kind.toLowerCase(Locale.ROOT)));
    }

    @Override
    public boolean passes(NodeState node) {
        return node.executors().kinds().stream().anyMatch(kinds::contains);
    }

    @Override
    public String explain(List<NodeState> failing) {
        String text = Filter.on("no executor for " + what, failing);
        List<NodeState> off = kinds.contains(PROCESS)
                ? failing.stream().filter(node -> node.executors().hostProcessesOff()).toList()
                : List.of();
        return off.isEmpty()
                ? text
                : text + "; " + Filter.on("host processes are off", off) + " (start with --allow-host-processes)";
    }
}
