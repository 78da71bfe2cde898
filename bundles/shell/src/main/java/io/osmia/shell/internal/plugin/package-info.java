/** The commands about plugins. */
@NullMarked
package io.osmia.shell.internal.plugin;

import org.jspecify.annotations.NullMarked;
