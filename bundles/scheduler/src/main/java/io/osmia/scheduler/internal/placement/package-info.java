/** Chooses among the nodes that meet the conditions. */
@NullMarked
package io.osmia.scheduler.internal.placement;

import org.jspecify.annotations.NullMarked;
