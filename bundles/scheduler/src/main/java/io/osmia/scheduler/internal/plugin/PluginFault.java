package io.osmia.scheduler.internal.plugin;

import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A plugin threw, overran or contradicted itself: the way out of the engine, to whoever began to use the plugin. */
public final class PluginFault extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Installed<?> plugin;
    private final boolean blocked;

    public PluginFault(Installed<?> plugin, String what, @Nullable Throwable cause) {
        this(plugin, what, cause, false);
    }

    private PluginFault(Installed<?> plugin, String what, @Nullable Throwable cause, boolean blocked) {
        super(plugin.label() + " " + what, cause);
        this.plugin = plugin;
        this.blocked = blocked;
    }

    /** A fault because the plugin threw. */
    public static PluginFault thrown(Installed<?> plugin, Throwable cause) {
        return new PluginFault(plugin, "failed: " + cause, cause);
    }

    /** A fault because the plugin did not come back. */
    static PluginFault blocked(Installed<?> plugin, Duration patience) {
        return new PluginFault(plugin, "did not return within " + patience.toMillis() + " ms", null, true);
    }

    /** Whether a thread was left behind in the plugin. */
    public boolean blocked() {
        return blocked;
    }

    public Installed<?> plugin() {
        return plugin;
    }
}
