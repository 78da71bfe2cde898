package io.osmia.scheduler.internal.plugin;

import org.osgi.framework.Version;

/**
 * A plugin that is there.
 *
 * @param plugin the object to call
 * @param name its name
 * @param version version of its bundle
 * @param serviceId number of its registration, never used again for another one
 */
public record Installed<T>(T plugin, String name, Version version, long serviceId) {

    /** Of two with the same name the one to use: the higher version, then the later registration. */
    public boolean supersedes(Installed<T> other) {
        int order = version.compareTo(other.version);
        return order > 0 || (order == 0 && serviceId > other.serviceId);
    }

    /** Name and version, for people. */
    public String label() {
        return name + "@" + version;
    }
}
