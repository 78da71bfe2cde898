package io.osmia.plugins.internal;

import io.osmia.plugins.internal.PluginStatus.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What people are shown of the plugins of a node.
 *
 * @param examined what each file was found to be
 * @param active the active jars by symbolic name
 * @param overlay which of the files stand in front
 * @param bundle the id of a jar's bundle
 * @param kept what was active before
 */
record PluginTable(
        SortedMap<Path, Examined> examined,
        SortedMap<String, PluginJar> active,
        Overlay overlay,
        ToLongFunction<PluginJar> bundle,
        Kept kept) {

    private static final Comparator<PluginStatus> ORDER = Comparator.comparing(PluginStatus::kind)
            .thenComparing(PluginStatus::name)
            .thenComparing(PluginStatus::state);

    List<PluginStatus> lines() {
        List<PluginStatus> lines = new ArrayList<>();
        active.values().forEach(jar -> lines.add(active(jar)));
        addWaiting(lines);
        addHidden(lines);
        addRefused(lines);
        lines.sort(ORDER);
        return List.copyOf(lines);
    }

    private PluginStatus active(PluginJar jar) {
        String former = kept.formerOf(jar.symbolicName()).map(before -> before.version().toString()).orElse("");
        return PluginStatus.active(jar, bundle.applyAsLong(jar), former);
    }

    private void addWaiting(Collection<PluginStatus> lines) {
        for (PluginJar jar : overlay.chosen().values()) {
            @Nullable PluginJar former = active.get(jar.symbolicName());
            if (former != null && !former.file().equals(jar.file())) {
                lines.add(PluginStatus.of(jar, State.OVERLAID, "the former content of " + former.file() + " stays"));
            }
        }
    }

    private void addHidden(Collection<PluginStatus> lines) {
        for (PluginJar jar : overlay.hidden()) {
            @Nullable PluginJar front = overlay.chosen().get(jar.symbolicName());
            String by = front == null ? "another jar" : front.file().toString();
            lines.add(PluginStatus.of(jar, State.OVERLAID, by + " stands in front of it"));
        }
    }

    private void addRefused(Collection<PluginStatus> lines) {
        examined.forEach((file, look) -> {
            @Nullable String why = look.refusal();
            if (why != null) {
                lines.add(refused(file, look.jar(), why));
            }
        });
    }

    private PluginStatus refused(Path file, @Nullable PluginJar jar, String why) {
        if (jar != null) {
            return PluginStatus.of(jar, State.REFUSED, why);
        }
        // The name it had before, when its former content is still the active one.
        for (PluginJar former : active.values()) {
            if (former.file().equals(file)) {
                return new PluginStatus(former.name(), former.kind(), "", State.REFUSED, file, why);
            }
        }
        return new PluginStatus(file.getFileName().toString(), "", "", State.REFUSED, file, why);
    }
}
