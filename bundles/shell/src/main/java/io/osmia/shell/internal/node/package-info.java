/** The commands about nodes. */
@NullMarked
package io.osmia.shell.internal.node;

import org.jspecify.annotations.NullMarked;
