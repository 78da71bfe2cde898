/** The commands about tasks. */
@NullMarked
package io.osmia.shell.internal.task;

import org.jspecify.annotations.NullMarked;
