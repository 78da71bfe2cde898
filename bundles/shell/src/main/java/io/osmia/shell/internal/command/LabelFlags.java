package io.osmia.shell.internal.command;

import io.osmia.shell.internal.text.Pairs;
import io.osmia.wire.swarmkit.Annotations;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that change labels. */
public final class LabelFlags {

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Label; those given replace all. Repeatable.")
    private @Nullable List<String> all;

    @Option(names = "--label-add", paramLabel = "KEY=VALUE", description = "Add or change a label. Repeatable.")
    private @Nullable List<String> added;

    @Option(names = "--label-rm", paramLabel = "KEY", description = "Take a label away. Repeatable.")
    private @Nullable List<String> removed;

    public void mergeInto(Annotations.Builder annotations) {
        try {
            if (all != null) {
                annotations.clearLabels().putAllLabels(Pairs.parse(all, "label"));
            }
            if (added != null) {
                annotations.putAllLabels(Pairs.parse(added, "label"));
            }
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
        if (removed != null) {
            removed.forEach(key -> removeFrom(annotations, key));
        }
    }

    private static void removeFrom(Annotations.Builder annotations, String key) {
        if (!annotations.containsLabels(key)) {
            throw Failure.refused("there is no label " + key + " to take away");
        }
        annotations.removeLabels(key);
    }
}
