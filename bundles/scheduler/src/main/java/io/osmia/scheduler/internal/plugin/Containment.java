package io.osmia.scheduler.internal.plugin;

import java.util.Map;
import java.util.TreeMap;

/**
 * Remembers how plugins behave. One that fails {@value #PATIENCE} times in a row is set aside until it is replaced. Used by
 * one thread.
 */
public final class Containment {

    public static final int PATIENCE = 3;

    private final Map<Long, Integer> faults = new TreeMap<>();

    /** Whether the plugin is not called any more. */
    public boolean setAside(Installed<?> plugin) {
        return faults.getOrDefault(plugin.serviceId(), 0) >= PATIENCE;
    }

    /** Counts a fault; whether the plugin is set aside from now on, which one that keeps a thread is at once. */
    public boolean count(PluginFault fault) {
        int weight = fault.blocked() ? PATIENCE : 1;
        return faults.merge(fault.plugin().serviceId(), weight, Integer::sum) >= PATIENCE;
    }

    /** The plugin did what it should. */
    public void success(Installed<?> plugin) {
        if (!setAside(plugin)) {
            faults.remove(plugin.serviceId());
        }
    }
}
