/** The commands that take what another one lists, in a pipe of a shell inside the node. */
@NullMarked
package io.osmia.shell.internal.filter;

import org.jspecify.annotations.NullMarked;
