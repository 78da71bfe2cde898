package io.osmia.shell.internal.service;

import io.osmia.shell.internal.text.Amount;
import io.osmia.wire.swarmkit.GenericResource;
import io.osmia.wire.swarmkit.ResourceRequirements;
import io.osmia.wire.swarmkit.Resources;
import io.osmia.wire.swarmkit.ServiceSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a task may use at most, and what is kept free for it. */
final class ResourceFlags {

    @Option(names = "--memory-limit", paramLabel = "SIZE", description = "Memory it may use, such as 512m.")
    private @Nullable String memoryLimit;

    @Option(names = "--memory-reservation", paramLabel = "SIZE", description = "Memory kept free for it.")
    private @Nullable String memoryReservation;

    @Option(names = "--cpu-limit", paramLabel = "CORES", description = "Cores it may use, such as 0.5.")
    private @Nullable String cpuLimit;

    @Option(names = "--cpu-reservation", paramLabel = "CORES", description = "Cores kept free for it.")
    private @Nullable String cpuReservation;

    @Option(names = "--generic-resources", paramLabel = "KIND=N,...", description = "Other resources, such as gpu=1.")
    private @Nullable String generic;

    void mergeInto(ServiceSpec.Builder spec) {
        if (memoryLimit != null) {
            limits(spec).setMemoryBytes(Amount.bytes(memoryLimit));
        }
        if (cpuLimit != null) {
            limits(spec).setNanoCpus(Amount.nanoCpus(cpuLimit));
        }
        if (memoryReservation != null) {
            reservations(spec).setMemoryBytes(Amount.bytes(memoryReservation));
        }
        if (cpuReservation != null) {
            reservations(spec).setNanoCpus(Amount.nanoCpus(cpuReservation));
        }
        if (generic != null) {
            Resources.Builder reservations = reservations(spec).clearGeneric();
            for (String part : generic.split(",")) {
                reservations.addGeneric(discrete(part.strip()));
            }
        }
    }

    private static ResourceRequirements.Builder requirements(ServiceSpec.Builder spec) {
        return spec.getTaskBuilder().getResourcesBuilder();
    }

    private static Resources.Builder limits(ServiceSpec.Builder spec) {
        return requirements(spec).getLimitsBuilder();
    }

    private static Resources.Builder reservations(ServiceSpec.Builder spec) {
        return requirements(spec).getReservationsBuilder();
    }

    private static GenericResource discrete(String text) {
        int at = text.indexOf('=');
        if (at <= 0) {
            throw new IllegalArgumentException("malformed generic resource '" + text + "', write it as gpu=3");
        }
        GenericResource.Builder resource = GenericResource.newBuilder();
        resource.getDiscreteResourceSpecBuilder()
                .setKind(text.substring(0, at))
                .setValue(Numbers.whole("--generic-resources", text.substring(at + 1)));
        return resource.build();
    }
}
