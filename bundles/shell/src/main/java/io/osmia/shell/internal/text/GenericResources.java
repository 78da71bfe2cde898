package io.osmia.shell.internal.text;

import io.osmia.wire.swarmkit.GenericResource;
import io.osmia.wire.swarmkit.Resources;
import java.util.stream.Collectors;

/** Generic resources as {@code gpu=2, fpga=first}. */
public final class GenericResources {

    private GenericResources() {}

    /** Empty if there are none. */
    public static String text(Resources resources) {
        return resources.getGenericList().stream().map(GenericResources::text).collect(Collectors.joining(", "));
    }

    private static String text(GenericResource resource) {
        return resource.hasNamedResourceSpec()
                ? resource.getNamedResourceSpec().getKind() + "="
                        + resource.getNamedResourceSpec().getValue()
                : resource.getDiscreteResourceSpec().getKind() + "="
                        + resource.getDiscreteResourceSpec().getValue();
    }
}
