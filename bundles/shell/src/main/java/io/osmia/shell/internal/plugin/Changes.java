package io.osmia.shell.internal.plugin;

import io.osmia.wire.osmia.PluginChange;

/** What was done with a plugin, or would be, in words. */
final class Changes {

    private Changes() {}

    static String text(PluginChange change) {
        String plugin = change.getKind() + " " + change.getName();
        boolean would = change.getDryRun();
        if (change.getVersion().isEmpty()) {
            return plugin + " " + change.getFormerVersion() + (would ? " would be" : " is") + " removed";
        }
        String done = plugin + " " + change.getVersion() + (would ? " would be active" : " is active");
        if (!change.getFormerVersion().isEmpty()) {
            done += " in place of " + change.getFormerVersion();
        }
        if (change.getWorkloads() > 0) {
            done += "; " + change.getWorkloads() + " workloads "
                    + (would ? "would be handed over" : "were handed over, none was touched");
        }
        return done;
    }
}
