/** Shells inside the node: Gogo sessions over the command classes, limited by a role. */
@NullMarked
package io.osmia.shell.internal.gogo;

import org.jspecify.annotations.NullMarked;
