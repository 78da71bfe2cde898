package io.osmia.plugins.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which of the jars at hand are to be installed: for each bundle name one, the node's own before the shipped one, of several
 * the highest version.
 *
 * @param chosen by symbolic name
 * @param hidden what another jar stands in front of
 */
record Overlay(SortedMap<String, PluginJar> chosen, List<PluginJar> hidden) {

    private static final Comparator<PluginJar> PREFERENCE = Comparator.comparing(PluginJar::shipped)
            .thenComparing(PluginJar::version, Comparator.reverseOrder())
            .thenComparing(jar -> jar.file().getFileName().toString());

    static Overlay of(Collection<PluginJar> jars) {
        SortedMap<String, PluginJar> chosen = new TreeMap<>();
        List<PluginJar> hidden = new ArrayList<>();
        for (PluginJar jar : jars.stream().sorted(PREFERENCE).toList()) {
            if (chosen.putIfAbsent(jar.symbolicName(), jar) != null) {
                hidden.add(jar);
            }
        }
        return new Overlay(chosen, List.copyOf(hidden));
    }
}
