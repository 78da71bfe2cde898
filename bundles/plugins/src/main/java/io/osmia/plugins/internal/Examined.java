package io.osmia.plugins.internal;

import io.osmia.plugins.internal.PluginFolders.Stamp;
import org.jspecify.annotations.Nullable;

/**
 * What one file was found to be.
 *
 * @param stamp the file then
 * @param jar the plugin; absent when it is none
 * @param refusal why it is none, or why it was refused when it was tried; absent when it was not
 */
record Examined(Stamp stamp, @Nullable PluginJar jar, @Nullable String refusal) {

    Examined refused(String why) {
        return new Examined(stamp, jar, why);
    }
}
