/** A node with a service for someone who tries Osmia for the first time. */
@NullMarked
package io.osmia.shell.internal.quickstart;

import org.jspecify.annotations.NullMarked;
