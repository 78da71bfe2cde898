package io.osmia.shell.internal.service;

import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.text.Pairs;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.ServiceSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags that create and update share (rule 10.3.3). One that is not given leaves the specification as it is. */
final class ServiceFlags {

    /** What SwarmKit's command has and nothing here can do yet. */
    static final List<String> UNSUPPORTED = List.of(
            "--ports",
            "--network",
            "--secret",
            "--add-secret",
            "--rm-secret",
            "--config",
            "--add-config",
            "--rm-config",
            "--add-capability",
            "--rm-capability",
            "--log-driver",
            "--log-opt",
            "--npipe");

    /** Names the strategy that places the tasks. */
    private static final String STRATEGY_LABEL = "osmia.strategy";

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the service.")
    private @Nullable String name;

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Label of the service; replaces all. Repeatable.")
    private @Nullable List<String> labels;

    @Option(names = "--replicas", paramLabel = "N", description = "How many replicas. Default: 1.")
    private @Nullable String replicas;

    @Mixin
    private final ContainerFlags container = new ContainerFlags();

    @Mixin
    private final MountFlags mounts = new MountFlags();

    @Mixin
    private final ResourceFlags resources = new ResourceFlags();

    @Mixin
    private final PlacementFlags placement = new PlacementFlags();

    @Mixin
    private final RestartFlags restart = new RestartFlags();

    @Mixin
    private final UpdateFlags update = new UpdateFlags();

    @Mixin
    private final RollbackFlags rollback = new RollbackFlags();

    @Option(names = "--strategy", paramLabel = "NAME", description = "Strategy that places the tasks; the same as --label osmia.strategy=NAME.")
    private @Nullable String strategy;

    boolean namesServiceAndImage() {
        return name != null && !name.isEmpty() && container.namesImage();
    }

    void mergeInto(ServiceSpec.Builder spec) {
        try {
            mergeAnnotations(spec.getAnnotationsBuilder());
            mergeReplicas(spec);
            container.mergeInto(spec);
            mounts.mergeInto(spec);
            resources.mergeInto(spec);
            placement.mergeInto(spec);
            restart.mergeInto(spec);
            update.mergeInto(spec);
            rollback.mergeInto(spec);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
    }

    private void mergeAnnotations(Annotations.Builder annotations) {
        if (name != null) {
            annotations.setName(name);
        }
        if (labels != null) {
            annotations.clearLabels().putAllLabels(Pairs.parse(labels, "label"));
        }
        if (strategy != null) {
            annotations.putLabels(STRATEGY_LABEL, strategy);
        }
    }

    private void mergeReplicas(ServiceSpec.Builder spec) {
        if (replicas == null) {
            return;
        }
        if (!spec.hasReplicated()) {
            throw Failure.usage("--replicas can only be specified in --mode replicated");
        }
        spec.getReplicatedBuilder().setReplicas(Numbers.count("--replicas", replicas));
    }
}
