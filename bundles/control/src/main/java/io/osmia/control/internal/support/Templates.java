package io.osmia.control.internal.support;

import io.osmia.control.internal.rules.Refusal;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.Mount;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finds templates, which nobody expands yet, in the places where rule 9.6.3 expands them. */
public final class Templates {

    private static final String OPENING = "{{";

    private Templates() {}

    /** Refuses the first field of the spec that holds a template. */
    public static Optional<Refusal> in(ContainerSpec container) {
        return Stream.of(
                field("env", values(container.getEnvList())),
                field("mounts.source", container.getMountsList().stream().map(Mount::getSource)),
                field("mounts.target", container.getMountsList().stream().map(Mount::getTarget)),
                field("mounts.volume_options.labels", volumeOptions(container, Templates::labels)),
                field("mounts.volume_options.driver_config.options", volumeOptions(container, Templates::driver)),
                field("hostname", Stream.of(container.getHostname())))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Refusal> field(String path, Stream<String> texts) {
        return texts.anyMatch(text -> text.contains(OPENING))
                ? Optional.of(Refusal.notYet("spec.task.container." + path + " template"))
                : Optional.empty();
    }

    /** Only what follows the first {@code =} is a template; an entry without one never is. */
    private static Stream<String> values(List<String> env) {
        return env.stream().filter(entry -> entry.contains("=")).map(entry -> entry.substring(entry.indexOf('=')));
    }

    private static Stream<String> volumeOptions(
            ContainerSpec container, Function<Mount.VolumeOptions, Collection<String>> part) {
        return container.getMountsList().stream().map(Mount::getVolumeOptions).map(part).flatMap(Collection::stream);
    }

    private static Collection<String> labels(Mount.VolumeOptions options) {
        return options.getLabelsMap().values();
    }

    private static Collection<String> driver(Mount.VolumeOptions options) {
        return options.getDriverConfig().getOptionsMap().values();
    }
}
