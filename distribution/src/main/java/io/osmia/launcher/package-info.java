/** Starts a node: reads its flags, takes its state directory and runs the Felix framework in this process. */
@NullMarked
package io.osmia.launcher;

import org.jspecify.annotations.NullMarked;
