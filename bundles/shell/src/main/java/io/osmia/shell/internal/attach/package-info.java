/** The command that opens a shell inside a node from outside. */
@NullMarked
package io.osmia.shell.internal.attach;

import org.jspecify.annotations.NullMarked;
