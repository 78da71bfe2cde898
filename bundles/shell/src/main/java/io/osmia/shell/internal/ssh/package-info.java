/** The way to a shell inside the node from other machines, off unless told. */
@NullMarked
package io.osmia.shell.internal.ssh;

import org.jspecify.annotations.NullMarked;
