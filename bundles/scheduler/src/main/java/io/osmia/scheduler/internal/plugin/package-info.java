/** The installed placement plugins, and calls into them that cannot hurt. */
@NullMarked
package io.osmia.scheduler.internal.plugin;

import org.jspecify.annotations.NullMarked;
